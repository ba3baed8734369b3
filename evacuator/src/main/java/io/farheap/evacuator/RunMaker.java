package io.farheap.evacuator;

import io.farheap.allocator.FrameIsolation;
import io.farheap.allocator.FramePool;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.base.memory.NativeMemory;
import java.util.Queue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * Makes runs of neighbouring frames: isolates a range, moves its pages to other frames or lets them
 * go out, and hands the range over once it is empty.
 *
 * <p>Requests come from any thread; everything else is a part of the evictor's steps.
 */
public final class RunMaker {
  private static final int MAX_ROUNDS = 64;

  private final HeapMemory memory;
  private final FramePool frames;
  private final Queue<RunRequest> requests = new MpscUnboundedAtomicArrayQueue<>(64);
  private RunRequest current;
  private FrameIsolation isolation;
  private int rounds;
  private int fruitless;

  RunMaker(HeapMemory memory) {
    this.memory = memory;
    this.frames = memory.frames();
  }

  /** Asks for a run; the caller then steps or wakes the evictor until it comes. */
  public RunRequest request(int length) {
    RunRequest request = new RunRequest(length);
    requests.add(request);
    return request;
  }

  /** Whether somebody may be waiting for a run. Changes nothing, so any thread may ask. */
  boolean pending() {
    return current != null || !requests.isEmpty();
  }

  /** Whether somebody waits for a run, which becomes the current one. */
  boolean wanted() {
    while (current == null || current.cancelled()) {
      endIsolation();
      fruitless = 0;
      current = requests.poll();
      if (current == null) {
        return false;
      }
    }
    return true;
  }

  /** Takes the pages of the range out of use. */
  void unmapVictims(PageBatch<Victim> batch) {
    int free = frames.tryTakeRun(current.length(), false);
    if (free >= 0) {
      handOver(free);
      return;
    }
    if (isolation == null || rounds++ > MAX_ROUNDS) {
      endIsolation();
      isolation = frames.isolate(current.length(), this::pinned);
      if (isolation == null) {
        if (fruitless++ % MAX_ROUNDS == 0) {
          memory.closeLogPages();
        }
        return;
      }
    }
    isolation.forEachOccupied(frame -> unmap(frame, batch));
    afterBatch();
  }

  private void unmap(int frame, PageBatch<Victim> batch) {
    if (batch.full()) {
      return;
    }
    long page = headPage(frame);
    if (page == FrameTable.NO_PAGE) {
      return;
    }
    long word = memory.pageTable().load(page);
    if (PageWord.state(word) == PageWord.LOCAL
        && !PageWord.writeInFlight(word)
        && memory.frameTable().pins(PageWord.frame(word)) == 0) {
      if (batch.next().unmap(memory, page, word)) {
        batch.add();
      }
    }
  }

  /** Page that a frame belongs to; for a frame inside a run the run's head. */
  private long headPage(int frame) {
    long page = memory.frameTable().page(frame);
    if (page == FrameTable.NO_PAGE) {
      return page;
    }
    long word = memory.pageTable().load(page);
    return PageWord.state(word) == PageWord.BODY ? page - PageWord.frame(word) : page;
  }

  private boolean pinned(int frame) {
    long page = headPage(frame);
    if (page == FrameTable.NO_PAGE) {
      return false;
    }
    long word = memory.pageTable().load(page);
    return switch (PageWord.state(word)) {
      case PageWord.LOCAL, PageWord.LEAVING -> memory.frameTable().pins(PageWord.frame(word)) > 0;
      case PageWord.QUIET -> true; // goes when the evacuator is done with it
      default -> false;
    };
  }

  /**
   * T13: moves a small page out of the isolated range into a free frame, after grace.
   *
   * @return false if it has to go out instead
   */
  boolean moveOut(Victim victim, ReclaimListener listener) {
    int frame = victim.frame;
    if (isolation == null || !isolation.contains(frame) || victim.length > 1) {
      return false;
    }
    int target = frames.tryTake(false);
    if (target < 0) {
      return false;
    }
    FrameTable frameTable = memory.frameTable();
    PageTable pageTable = memory.pageTable();
    NativeMemory.copy(
        memory.frameRawAddress(frame), memory.frameRawAddress(target), PageWord.PAGE_BYTES);
    frameTable.assign(target, victim.page, false);
    frameTable.copyMarks(frame, target);
    if (pageTable.moveFrame(victim.page, victim.word, target)) {
      memory.giveFrame(frame);
      listener.moved();
    } else {
      memory.giveFrame(target);
      listener.kept();
    }
    return true;
  }

  /** Hands the range over if it is empty now. */
  void afterBatch() {
    if (isolation != null && isolation.complete()) {
      int first = isolation.takeRun();
      isolation = null;
      handOver(first);
    }
  }

  private void handOver(int firstFrame) {
    endIsolation();
    if (!current.fulfil(firstFrame)) {
      memory.giveFrames(firstFrame, current.length());
    }
    current = null;
  }

  private void endIsolation() {
    if (isolation != null) {
      isolation.cancel();
      isolation = null;
    }
    rounds = 0;
  }
}
