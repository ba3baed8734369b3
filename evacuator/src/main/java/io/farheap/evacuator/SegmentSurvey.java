package io.farheap.evacuator;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Goes over all segments, a few at a step, and draws a picture of the heap. */
final class SegmentSurvey {
  private static final int SEGMENTS_PER_STEP = 64;

  /** Most segments in the picture: those with the fewest live bytes. */
  private static final int MOST_SEGMENTS = 256;

  private static final int MOST_LIVE_BYTES = SegmentTable.SEGMENT_BYTES / 8 * 7;

  private final SegmentTable segments;
  private final PageTable pageTable;
  private final FrameTable frameTable;

  /** The fullest first, so that it makes room for an emptier one. */
  private final PriorityQueue<SegmentView> emptiest =
      new PriorityQueue<>(Comparator.comparingInt(SegmentView::liveBytes).reversed());

  private int next;
  private long liveBytes;
  private long filledBytes;

  SegmentSurvey(HeapMemory memory) {
    this.segments = memory.segments();
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
  }

  /** Starts anew. */
  void start() {
    next = 0;
    liveBytes = 0;
    filledBytes = 0;
    emptiest.clear();
  }

  /** Looks at some segments; true when all were looked at. */
  boolean step() {
    int end = SegmentTable.segmentOf(segments.pagesInSlabs());
    int stop = Math.min(end, next + SEGMENTS_PER_STEP);
    while (next < stop) {
      look(next++);
    }
    return next >= end;
  }

  private void look(int segment) {
    SegmentTable.State state = segments.state(segment);
    if (state == SegmentTable.State.FREE) {
      return;
    }
    int live = segments.segmentLiveBytes(segment);
    liveBytes += live;
    filledBytes += segments.runLength(segment) == 0 ? 0 : segments.filledBytes(segment);
    if (state != SegmentTable.State.CLOSED
        || live > MOST_LIVE_BYTES
        || segments.runLength(segment) != 1
        || (emptiest.size() == MOST_SEGMENTS && live >= emptiest.peek().liveBytes())) {
      return;
    }
    emptiest.add(view(segment, live));
    if (emptiest.size() > MOST_SEGMENTS) {
      emptiest.remove();
    }
  }

  private SegmentView view(int segment, int live) {
    int local = 0;
    int remote = 0;
    int localLive = 0;
    int touched = 0;
    long first = SegmentTable.firstPage(segment);
    for (long page = first; page < first + SegmentTable.SEGMENT_PAGES; page++) {
      int pageLive = segments.pageLiveBytes(page);
      if (pageLive > 0) {
        long word = pageTable.load(page);
        if (PageWord.state(word) == PageWord.LOCAL) {
          local++;
          localLive += pageLive;
          touched += frameTable.cardsMarked(PageWord.frame(word)) * FrameTable.CARD_BYTES;
        } else if (PageWord.state(word) == PageWord.REMOTE) {
          remote++;
        }
      }
    }
    return new SegmentView(
        segment,
        segments.heat(segment),
        live,
        segments.filledBytes(segment),
        local,
        remote,
        localLive,
        touched);
  }

  /**
   * The picture, once all segments were looked at.
   *
   * @param localPressure whether pages are going out for want of frames
   */
  HeapView picture(boolean localPressure) {
    int used = segments.usedSegments();
    return new HeapView(
        (long) used * SegmentTable.SEGMENT_BYTES,
        liveBytes,
        Math.max(filledBytes, liveBytes),
        (long) (segments.segments() - used) * SegmentTable.SEGMENT_BYTES,
        localPressure,
        emptiest.stream().sorted(Comparator.comparingInt(SegmentView::liveBytes)).toList());
  }
}
