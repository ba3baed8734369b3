package io.farheap.broken;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * Moves the objects of random local pages by the protocol's list for evacuation, and lets others
 * act between any two of its steps. It keeps all rules but the one that it is told to leave out.
 */
final class TestEvacuator implements Agent {
  private static final int LOOKS = 16;

  private enum Phase {
    CHOOSE,
    GRACE,
    COPY,
    CAME_BACK,
    LAST_GRACE
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final Rule broken;
  private final SplittableRandom random;
  private final Meetings meetings;
  private final TestMover mover;
  private final LongSupplier favourites;

  /** The page's bytes as they were when it was unmapped. */
  private final NativeRegion before = NativeRegion.reserve(PageWord.PAGE_BYTES, true);

  private Phase phase = Phase.CHOOSE;
  private long page;
  private long word;
  private long stamp;
  private boolean held;
  boolean resting;

  /**
   * Wires an evacuator.
   *
   * @param favourites local pages to take more often than others, or {@link FrameTable#NO_PAGE}
   */
  TestEvacuator(
      HeapMemory memory,
      Rule broken,
      SplittableRandom random,
      Meetings meetings,
      LongSupplier favourites) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.broken = broken;
    this.random = random;
    this.meetings = meetings;
    this.favourites = favourites;
    this.mover = new TestMover(memory, Heat.COLD, broken, meetings);
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case GRACE -> afterGrace();
      case COPY -> copyNext();
      case CAME_BACK -> endCopy();
      case LAST_GRACE -> recycle();
    };
  }

  private int choose() {
    if (resting || random.nextInt(4) != 0) {
      return 0;
    }
    for (int i = 0; i < LOOKS; i++) {
      int frame = random.nextInt(frameTable.frames());
      long wanted = favourites.getAsLong();
      if (wanted != FrameTable.NO_PAGE && random.nextInt(4) == 0) {
        frame = PageWord.frame(pageTable.load(wanted));
      }
      if (choose(frame)) {
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
    if (PageWord.writeInFlight(word)) {
      meetings.note("a page-out");
    }
    if (live == 0
        || live >= SegmentTable.OPEN_PAGE
        || PageWord.state(word) != PageWord.LOCAL
        || PageWord.writeInFlight(word)
        || (frameTable.pins(frame) > 0 && broken != Rule.EVACUATION_RESPECTS_PINS)) {
      return false;
    }
    if (!mover.makeRoom()) {
      return false;
    }
    NativeMemory.copy(frameRawAddress(), before.rawAddress(), PageWord.PAGE_BYTES);
    word = pageTable.unmap(page, word);
    if (word != 0) {
      stamp = memory.epochs().startGrace();
      held = false;
      phase = Phase.GRACE;
    }
    return true;
  }

  private long frameRawAddress() {
    return memory.frameRawAddress(PageWord.frame(word));
  }

  private boolean scopesHold() {
    return memory.epochs().firstHolder(stamp, 0) >= 0;
  }

  private int afterGrace() {
    if (scopesHold() && broken != Rule.EVACUATION_WAITS_FOR_SCOPES) {
      held = true;
      return 0;
    }
    phase = Phase.CHOOSE;
    if (frameTable.pins(PageWord.frame(word)) > 0 && broken != Rule.EVACUATION_RESPECTS_PINS) {
      if (pageTable.keep(page, word)) {
        meetings.note("a pin");
      }
      return 1;
    }
    word = pageTable.quiet(page, word);
    if (word == 0) {
      meetings.note("a rescue");
      return 1;
    }
    if (held) {
      meetings.note("a scope");
    }
    if (written()) {
      meetings.note("a write");
    }
    mover.start(
        page,
        broken == Rule.EVACUATION_COPIES_AFTER_GRACE ? before.rawAddress() : frameRawAddress());
    phase = Phase.COPY;
    return 1;
  }

  private boolean written() {
    MemorySegment now = NativeMemory.view(frameRawAddress(), PageWord.PAGE_BYTES);
    return now.mismatch(NativeMemory.view(before.rawAddress(), PageWord.PAGE_BYTES)) >= 0;
  }

  private int copyNext() {
    if (random.nextInt(3) != 0) {
      return 1;
    }
    if (!PageWord.same(pageTable.load(page), word)) {
      mover.settle();
      phase = Phase.CHOOSE; // every object died, and the page was recycled
      return 1;
    }
    if (broken == Rule.A_QUIET_PAGE_NEVER_COMES_BACK && mover.copying()) {
      comeBack();
      phase = Phase.CAME_BACK;
      return 1;
    }
    return switch (mover.step()) {
      case MOVED -> 1;
      case NO_ROOM -> mover.makeRoom() ? 1 : 0;
      case DONE -> {
        stamp = memory.epochs().startGrace();
        phase = Phase.LAST_GRACE;
        yield 1;
      }
    };
  }

  /** Somebody had copied an object before the page came back, and installs the copy now. */
  private int endCopy() {
    if (random.nextInt(32) == 0) {
      mover.settle();
      phase = Phase.CHOOSE;
    }
    return 1;
  }

  /** QUIET becomes LOCAL, with a version of its own. */
  private void comeBack() {
    long local = word + bit(b -> PageWord.version(b) == 1);
    local &= ~bit(b -> PageWord.state(b) == (PageWord.QUIET & ~PageWord.LOCAL));
    long address = pageTable.region().rawAddress() + page * Long.BYTES;
    NativeMemory.compareAndSetLong(address, word, local);
  }

  private static long bit(LongPredicate wanted) {
    return Arrays.stream(RuleBreaker.BITS).filter(wanted).findFirst().orElseThrow();
  }

  /** The page is dead now; what read a record before it changed may still read the frame. */
  private int recycle() {
    if (scopesHold() && broken != Rule.QUIET_FRAMES_WAIT_FOR_SCOPES) {
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
