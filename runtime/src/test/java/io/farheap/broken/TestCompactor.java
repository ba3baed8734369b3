package io.farheap.broken;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Empties random remote pages: one on the object path is copied to a frame and its objects are
 * moved off that, one on the paging path is fetched. It keeps all rules but the one that it is told
 * to leave out.
 */
final class TestCompactor implements Agent {
  private static final int LOOKS = 8;
  private static final int MOST_POLLS = 100;

  private enum Phase {
    CHOOSE,
    READ,
    MOVE
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final RecordedSlabs slabs;
  private final FarMemory farMemory;
  private final Rule broken;
  private final SplittableRandom random;
  private final TestMover mover;
  private final LongSupplier favourites;
  private final Transfer transfer = new Transfer();
  private Phase phase = Phase.CHOOSE;
  private long page;
  private long word;
  private int frame;
  private int polls;
  private boolean fetching;
  boolean resting;

  TestCompactor(
      HeapMemory memory,
      RecordedSlabs slabs,
      FarMemory farMemory,
      Rule broken,
      SplittableRandom random,
      Meetings meetings,
      LongSupplier favourites) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.slabs = slabs;
    this.farMemory = farMemory;
    this.broken = broken;
    this.random = random;
    this.favourites = favourites;
    this.mover = new TestMover(memory, Heat.COLD, broken, meetings);
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case READ -> read();
      case MOVE -> move();
    };
  }

  private int choose() {
    if (resting || random.nextInt(3) != 0) {
      return 0;
    }
    for (int i = 0; i < LOOKS; i++) {
      if (wanted(candidate())) {
        frame = memory.frames().tryTake(true);
        if (frame >= 0) {
          start();
        }
        return 1;
      }
    }
    return 0;
  }

  private long candidate() {
    if (broken == Rule.COMPACTION_READS_IMMUTABLE_PAGES) {
      int any = random.nextInt(memory.frameTable().frames());
      long local = random.nextBoolean() ? favourites.getAsLong() : memory.frameTable().page(any);
      return Math.max(0, local);
    }
    return random.nextLong(Math.max(1, memory.segments().pagesInSlabs()));
  }

  private boolean wanted(long candidate) {
    page = candidate;
    word = pageTable.load(page);
    int live = memory.segments().pageLive(page);
    if (live == 0
        || live >= SegmentTable.OPEN_PAGE
        || memory.segments().heat(SegmentTable.segmentOf(page)) == Heat.LARGE) {
      return false;
    }
    return broken == Rule.COMPACTION_READS_IMMUTABLE_PAGES
        ? PageWord.state(word) == PageWord.LOCAL
            && memory.frameTable().fetched(PageWord.frame(word))
        : PageWord.state(word) == PageWord.REMOTE;
  }

  private void start() {
    fetching = PageWord.state(word) == PageWord.REMOTE && PageWord.paging(word);
    if (fetching && !pageTable.startFetch(page, word)) {
      memory.giveFrame(frame);
      return;
    }
    farMemory.submit(
        slabs.read(
            transfer, FarAddress.ofPage(page), memory.frameRawAddress(frame), PageWord.PAGE_BYTES));
    farMemory.flush();
    polls = 0;
    phase = Phase.READ;
    if (fetching) {
      // Who waits for the page does not step this agent, so that it does all of it at once.
      if (broken == Rule.FETCHES_END_WHEN_THE_BYTES_ARE_HERE) {
        map();
      }
      while (phase == Phase.READ && broken != Rule.FETCHES_END_WHEN_THE_BYTES_ARE_HERE) {
        read();
      }
    } else if (broken == Rule.STAGING_FRAMES_STAY_UNTIL_THE_READ_ENDED) {
      memory.giveFrame(frame);
    }
  }

  private int read() {
    boolean arrived = farMemory.poll(transfer);
    boolean early = broken == Rule.COMPACTION_READS_IMMUTABLE_PAGES && !immutable();
    if ((!arrived || early) && polls++ < (early ? 10 : 1) * MOST_POLLS) {
      return 1;
    }
    farMemory.fence(transfer);
    phase = Phase.CHOOSE;
    if (fetching) {
      endFetch();
    } else if (broken == Rule.STAGING_FRAMES_STAY_UNTIL_THE_READ_ENDED) {
      return 1;
    } else if (transfer.isDone() && immutable()) {
      mover.start(page, memory.frameRawAddress(frame));
      phase = Phase.MOVE;
    } else {
      memory.giveFrame(frame);
    }
    return 1;
  }

  private boolean immutable() {
    long now = pageTable.load(page);
    return PageWord.state(now) == PageWord.REMOTE
        && !PageWord.paging(now)
        && (PageWord.same(now, word) || broken == Rule.COMPACTION_READS_IMMUTABLE_PAGES);
  }

  private void endFetch() {
    if (broken == Rule.FETCHES_END_WHEN_THE_BYTES_ARE_HERE) {
      return;
    }
    if (transfer.isDone()) {
      map();
    } else {
      pageTable.giveUpFetch(page);
      memory.giveFrame(frame);
    }
  }

  private void map() {
    memory.frameTable().assign(frame, page, true);
    pageTable.endFetch(page, frame, true);
  }

  private int move() {
    if (random.nextInt(3) != 0) {
      return 1;
    }
    TestMover.Result result = mover.step();
    if (result == TestMover.Result.MOVED
        || (result == TestMover.Result.NO_ROOM && mover.makeRoom())) {
      return 1;
    }
    memory.giveFrame(frame);
    phase = Phase.CHOOSE;
    return 1;
  }
}
