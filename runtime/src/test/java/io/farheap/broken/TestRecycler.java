package io.farheap.broken;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;

/** Gives the frames of dead pages back, keeping all rules but the one it is told to leave out. */
final class TestRecycler implements Agent {
  private final HeapMemory memory;
  private final Rule broken;
  private int hand;
  private long page = FrameTable.NO_PAGE;
  private long word;
  private long stamp;

  TestRecycler(HeapMemory memory, Rule broken) {
    this.memory = memory;
    this.broken = broken;
  }

  @Override
  public int doWork() {
    if (page == FrameTable.NO_PAGE && !choose()) {
      return 0;
    }
    if (memory.epochs().firstHolder(stamp, 0) >= 0 && broken != Rule.RECYCLING_WAITS_FOR_SCOPES) {
      return 0;
    }
    long now = memory.pageTable().load(page);
    boolean same = PageWord.same(now, word);
    boolean pinned =
        memory.frameTable().pins(PageWord.frame(word)) > 0
            && broken != Rule.RECYCLING_RESPECTS_PINS;
    if (same && !pinned && memory.pageTable().recycle(page, now)) {
      memory.giveFrame(PageWord.frame(now));
    }
    page = FrameTable.NO_PAGE;
    return 1;
  }

  private boolean choose() {
    for (int i = 0; i < memory.frameTable().frames(); i++) {
      hand = (hand + 1) % memory.frameTable().frames();
      long candidate = memory.frameTable().page(hand);
      if (candidate == FrameTable.NO_PAGE
          || memory.segments().heat(SegmentTable.segmentOf(candidate)) == Heat.LARGE) {
        continue;
      }
      word = memory.pageTable().load(candidate);
      if (memory.segments().pageLive(candidate) == 0
          && PageWord.state(word) == PageWord.LOCAL
          && PageWord.frame(word) == hand
          && !PageWord.writeInFlight(word)
          && (memory.frameTable().pins(hand) == 0 || broken == Rule.RECYCLING_RESPECTS_PINS)) {
        page = candidate;
        stamp = memory.epochs().startGrace();
        return true;
      }
    }
    return false;
  }
}
