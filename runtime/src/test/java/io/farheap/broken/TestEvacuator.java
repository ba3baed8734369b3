package io.farheap.broken;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.SegmentTable;
import io.farheap.allocator.memory.NativeMemory;
import io.farheap.evacuator.Agent;
import io.farheap.proof.SimulationFailure;
import java.util.SplittableRandom;

/**
 * Moves the objects of random pages, one object a step, by the protocol's list for evacuation. It
 * keeps all rules but the one that it is told to leave out.
 */
final class TestEvacuator implements Agent {
  private static final int LOOKS = 16;

  private enum Phase {
    CHOOSE,
    GRACE,
    COPY,
    LAST_GRACE
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final RecordTable records;
  private final Rule broken;
  private final SplittableRandom random;
  private final LogBuffer log;
  private Phase phase = Phase.CHOOSE;
  private long page;
  private long word;
  private int offset;
  private long stamp;
  private long copied;
  private long copiedFrom;
  private int copiedBytes;
  boolean resting;

  TestEvacuator(HeapMemory memory, Rule broken, SplittableRandom random) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.records = memory.records();
    this.broken = broken;
    this.random = random;
    this.log = memory.log(Heat.COLD, 0);
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case GRACE -> afterGrace();
      case COPY -> copyNext();
      case LAST_GRACE -> recycle();
    };
  }

  private int choose() {
    if (resting || random.nextInt(4) != 0) {
      return 0;
    }
    for (int i = 0; i < LOOKS; i++) {
      if (choose(random.nextInt(frameTable.frames()))) {
        return 1;
      }
    }
    return 0;
  }

  /** The destination is in hand before the page is taken out of use. */
  private boolean choose(int frame) {
    page = frameTable.page(frame);
    if (page == FrameTable.NO_PAGE
        || memory.segments().heat(SegmentTable.segmentOf(page)) == Heat.LARGE) {
      return false;
    }
    int live = memory.segments().pageLive(page);
    word = pageTable.load(page);
    if (live == 0
        || live >= SegmentTable.OPEN_PAGE
        || PageWord.state(word) != PageWord.LOCAL
        || PageWord.writeInFlight(word)
        || (frameTable.pins(frame) > 0 && broken != Rule.EVACUATION_RESPECTS_PINS)) {
      return false;
    }
    if (!openDestination()) {
      return false;
    }
    word = pageTable.unmap(page, word);
    if (word != 0) {
      stamp = memory.epochs().startGrace();
      phase = Phase.GRACE;
    }
    return true;
  }

  private boolean openDestination() {
    int destination = memory.frames().tryTake(true);
    if (destination >= 0 && !log.addPage(destination)) {
      memory.giveFrame(destination);
      return false;
    }
    return destination >= 0;
  }

  private boolean scopesHold() {
    return memory.epochs().firstHolder(stamp, 0) >= 0;
  }

  private int afterGrace() {
    if (scopesHold() && broken != Rule.EVACUATION_WAITS_FOR_SCOPES) {
      return 0;
    }
    phase = Phase.CHOOSE;
    if (frameTable.pins(PageWord.frame(word)) > 0 && broken != Rule.EVACUATION_RESPECTS_PINS) {
      pageTable.keep(page, word);
      return 1;
    }
    word = pageTable.quiet(page, word);
    if (word != 0) {
      offset = 0;
      phase = Phase.COPY;
    }
    return 1;
  }

  private int copyNext() {
    if (random.nextInt(3) != 0) {
      return 1;
    }
    if (copied != 0) {
      installByStore();
    }
    if (!PageWord.same(pageTable.load(page), word)) {
      phase = Phase.CHOOSE; // every object died, and the page was recycled
      return 1;
    }
    long rawAddress = memory.frameRawAddress(PageWord.frame(word)) + offset;
    long header = offset < PageWord.PAGE_BYTES ? ObjectHeader.load(rawAddress) : 0;
    if (header == 0) {
      stamp = memory.epochs().startGrace();
      phase = Phase.LAST_GRACE;
      return 1;
    }
    long index = ObjectHeader.recordIndex(header);
    if (index >= records.limit()) {
      throw new SimulationFailure(
          "no header but "
              + header
              + " at "
              + offset
              + " of page "
              + page
              + " "
              + PageWord.describe(pageTable.load(page))
              + ", unmapped as "
              + PageWord.describe(word));
    }
    long place = records.loadPlace(index);
    if (PlaceWord.farAddress(place) == (page << PageWord.PAGE_SHIFT) + offset
        && !copy(index, place, rawAddress, OwnerWord.size(records.loadOwner(index)))) {
      return openDestination() ? 1 : 0;
    }
    offset += ObjectHeader.footprint(ObjectHeader.bodyBytes(header));
    return 1;
  }

  /** False if there is no room: who wanted a run of frames had the destination closed. */
  private boolean copy(long index, long place, long rawAddress, int bodyBytes) {
    long target = log.reserve(index, bodyBytes);
    if (target == LogBuffer.NO_ROOM) {
      return false;
    }
    NativeMemory.copy(
        rawAddress + ObjectHeader.BYTES,
        memory.reservedRawAddress(target) + ObjectHeader.BYTES,
        bodyBytes);
    if (broken == Rule.COPIES_ARE_INSTALLED_BY_COMPARE_AND_SET) {
      copied = target;
      copiedFrom = index;
      copiedBytes = bodyBytes;
    } else if (records.relocate(index, place, target, false)) {
      if (broken != Rule.THE_OLD_COPY_IS_COUNTED_OUT) {
        memory.segments().removeLive(page, ObjectHeader.footprint(bodyBytes));
      }
      memory.finish(target);
    } else {
      memory.abandon(target, bodyBytes);
    }
    return true;
  }

  /** A step after the copy was made, whatever became of the object meanwhile. */
  private void installByStore() {
    records.publish(copiedFrom, copied, false);
    memory.finish(copied);
    if (memory.segments().pageLiveBytes(page) >= ObjectHeader.footprint(copiedBytes)) {
      memory.segments().removeLive(page, ObjectHeader.footprint(copiedBytes));
    }
    copied = 0;
  }

  /** The page is dead now; what read a record before it changed may still read the frame. */
  private int recycle() {
    if (scopesHold()) {
      return 0;
    }
    phase = Phase.CHOOSE;
    if (memory.segments().pageLive(page) == 0
        && PageWord.same(pageTable.load(page), word)
        && frameTable.pins(PageWord.frame(word)) == 0
        && pageTable.recycle(page, word)) {
      memory.giveFrame(PageWord.frame(word));
    }
    return 1;
  }
}
