package io.farheap.broken;

import io.farheap.Mode;
import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
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
    boolean survivors;
    int polls;
    final Transfer transfer = new Transfer();
  }

  private enum Phase {
    CHOOSE,
    GRACE,
    WRITE,
    SURVIVE
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
  private final TestMover mover;
  private Phase phase = Phase.CHOOSE;
  private long stamp;
  private Victim left;
  boolean resting;

  TestEvictor(
      HeapMemory memory,
      RecordedSlabs slabs,
      FarMemory farMemory,
      Mode mode,
      Rule broken,
      SplittableRandom random,
      Meetings meetings) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.slabs = slabs;
    this.farMemory = farMemory;
    this.mode = mode;
    this.broken = broken;
    this.random = random;
    this.mover = new TestMover(memory, Heat.HOT, broken, meetings);
  }

  @Override
  public int doWork() {
    return switch (phase) {
      case CHOOSE -> choose();
      case GRACE -> afterGrace();
      case WRITE -> pollWrites();
      case SURVIVE -> keepSurvivors();
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
            FarAddress.ofPage(victim.page),
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
      phase = Phase.SURVIVE;
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

  /** Takes the objects off pages that left, whose frames are still this evictor's. */
  private int keepSurvivors() {
    if (left == null) {
      left = nextLeft();
      if (left == null) {
        phase = Phase.CHOOSE;
        return 1;
      }
      mover.start(left.page, memory.frameRawAddress(PageWord.frame(left.word)));
    }
    TestMover.Result result = mover.step();
    if (result == TestMover.Result.MOVED
        || (result == TestMover.Result.NO_ROOM && mover.makeRoom())) {
      return 1;
    }
    memory.giveFrame(PageWord.frame(left.word));
    left = null;
    return 1;
  }

  private Victim nextLeft() {
    for (Victim victim : batch) {
      if (victim.survivors) {
        victim.survivors = false;
        return victim;
      }
    }
    return null;
  }

  private boolean leave(Victim victim) {
    boolean hasLeft = pageTable.leave(victim.page, victim.word, victim.paging);
    if (hasLeft && !victim.given && survivorsOf(victim)) {
      victim.survivors = true;
      return true;
    }
    boolean give = hasLeft || broken == Rule.A_RESCUED_PAGE_KEEPS_ITS_FRAME;
    if (give && broken != Rule.FRAMES_COME_BACK) {
      memory.giveFrame(PageWord.frame(victim.word));
    }
    return hasLeft;
  }

  private boolean survivorsOf(Victim victim) {
    return (!victim.paging || broken == Rule.SURVIVORS_LEAVE_IMMUTABLE_PAGES)
        && broken != Rule.FRAMES_GO_AFTER_THE_ACKNOWLEDGEMENT
        && random.nextInt(4) == 0;
  }
}
