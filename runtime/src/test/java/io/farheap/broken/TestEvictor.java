package io.farheap.broken;

import io.farheap.Mode;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.evacuator.Agent;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A second evictor, which takes random pages out whether or not frames are short. It keeps all
 * rules but the one that it is told to leave out.
 */
final class TestEvictor implements Agent {
  private static final int BATCH = 8;
  private static final int LOOKS = 48;
  private static final int MOST_POLLS = 100;

  private static final class Victim {
    long page;
    long word;
    boolean dirtyBefore;
    boolean writing;
    boolean given;
    boolean paging;
    int polls;
    final Transfer transfer = new Transfer();
  }

  private enum Phase {
    CHOOSE,
    GRACE,
    WRITE
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final RecordedSlabs slabs;
  private final FarMemory farMemory;
  private final Mode mode;
  private final Rule broken;
  private final SplittableRandom random;
  private final List<Victim> batch = new ArrayList<>();
  private Phase phase = Phase.CHOOSE;
  private long stamp;
  boolean resting;

  TestEvictor(
      HeapMemory memory,
      RecordedSlabs slabs,
      FarMemory farMemory,
      Mode mode,
      Rule broken,
      SplittableRandom random) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.slabs = slabs;
    this.farMemory = farMemory;
    this.mode = mode;
    this.broken = broken;
    this.random = random;
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case GRACE -> afterGrace();
      case WRITE -> pollWrites();
    };
  }

  private int choose() {
    batch.clear();
    if (resting || random.nextBoolean()) {
      return 0;
    }
    for (int i = 0; i < LOOKS && batch.size() < BATCH; i++) {
      unmap(random.nextInt(frameTable.frames()));
    }
    stamp = memory.epochs().startGrace();
    phase = Phase.GRACE;
    return 1;
  }

  private void unmap(int frame) {
    long page = frameTable.page(frame);
    if (page == FrameTable.NO_PAGE
        || memory.segments().heat(SegmentTable.segmentOf(page)) == Heat.LARGE) {
      return;
    }
    long word = pageTable.load(page);
    if (PageWord.state(word) != PageWord.LOCAL
        || PageWord.frame(word) != frame
        || PageWord.writeInFlight(word)
        || (frameTable.pins(frame) > 0 && broken != Rule.EVICTION_RESPECTS_PINS)
        || memory.segments().pageLive(page) >= SegmentTable.OPEN_PAGE) {
      return;
    }
    Victim victim = new Victim();
    victim.page = page;
    victim.dirtyBefore = frameTable.dirty(frame);
    victim.word = pageTable.unmap(page, word);
    if (victim.word != 0) {
      batch.add(victim);
    }
  }

  private int afterGrace() {
    if (memory.epochs().firstHolder(stamp, 0) >= 0 && broken != Rule.EVICTION_WAITS_FOR_SCOPES) {
      return 0;
    }
    for (Victim victim : batch) {
      int frame = PageWord.frame(victim.word);
      if (frameTable.pins(frame) > 0 && broken != Rule.EVICTION_RESPECTS_PINS) {
        pageTable.keep(victim.page, victim.word);
      } else {
        goOut(victim, frame);
      }
    }
    farMemory.flush();
    phase = Phase.WRITE;
    return 1;
  }

  private void goOut(Victim victim, int frame) {
    victim.paging = mode == Mode.PAGING_ONLY || (mode == Mode.HYBRID && random.nextBoolean());
    boolean dirty =
        broken == Rule.DIRTY_IS_READ_AFTER_GRACE ? victim.dirtyBefore : frameTable.dirty(frame);
    if (!dirty || broken == Rule.DIRTY_PAGES_ARE_WRITTEN) {
      leave(victim);
      return;
    }
    long writing = pageTable.startWrite(victim.page, victim.word);
    if (writing == 0) {
      return;
    }
    victim.word = writing;
    victim.writing = true;
    farMemory.submit(
        slabs.write(
            victim.transfer,
            victim.page << PageWord.PAGE_SHIFT,
            memory.frameRawAddress(frame),
            PageWord.PAGE_BYTES));
    if (broken == Rule.FRAMES_GO_AFTER_THE_ACKNOWLEDGEMENT) {
      victim.given = leave(victim);
    }
  }

  private int pollWrites() {
    boolean pending = false;
    for (Victim victim : batch) {
      if (victim.writing) {
        if (farMemory.poll(victim.transfer) || victim.polls++ > MOST_POLLS) {
          farMemory.fence(victim.transfer);
          endWrite(victim);
        } else {
          pending = true;
        }
      }
    }
    if (!pending) {
      phase = Phase.CHOOSE;
    }
    return 1;
  }

  private void endWrite(Victim victim) {
    victim.writing = false;
    if (victim.given) {
      return;
    }
    boolean settled =
        victim.transfer.isDone()
            ? leave(victim)
            : pageTable.keepAfterFailedWrite(victim.page, victim.word);
    if (!settled) {
      pageTable.endWrite(victim.page);
    }
  }

  private boolean leave(Victim victim) {
    boolean left = pageTable.leave(victim.page, victim.word, victim.paging);
    boolean give = left || broken == Rule.A_RESCUED_PAGE_KEEPS_ITS_FRAME;
    if (give && broken != Rule.FRAMES_COME_BACK) {
      memory.giveFrame(PageWord.frame(victim.word));
    }
    return left;
  }
}
