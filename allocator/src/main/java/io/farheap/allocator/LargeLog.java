package io.farheap.allocator;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Places objects larger than a page, each on a run of neighbouring pages in neighbouring frames.
 *
 * <p>Runs of up to half a segment share segments; a longer one has segments of its own. The head
 * page's word, pins and dirty mark stand for the whole run; the pages behind it are BODY.
 */
public final class LargeLog {
  private static final int MAX_SHARED_PAGES = SegmentTable.SEGMENT_PAGES / 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeapMemory memory;
  private int segment = SegmentTable.NONE;
  private int nextPage = SegmentTable.SEGMENT_PAGES;

  LargeLog(HeapMemory memory) {
    this.memory = memory;
  }

  /**
   * Places a run. Its head is pinned until {@link HeapMemory#finish} or {@link HeapMemory#abandon}.
   *
   * @param recordIndex the object's record
   * @param bodyBytes size of the body
   * @param firstFrame first of as many neighbouring frames as the run has pages; the run's from
   *     here on
   * @return far address of the header, or {@link LogBuffer#NO_ROOM} if no segment is free: the
   *     frames are still the caller's
   */
  public long reserve(long recordIndex, int bodyBytes, int firstFrame) {
    int pages = ObjectHeader.runPages(bodyBytes);
    lock.lock();
    try {
      long head = pages <= MAX_SHARED_PAGES ? shared(pages) : own(pages);
      if (head < 0) {
        return LogBuffer.NO_ROOM;
      }
      memory.segments().openPage(head);
      memory.segments().addLive(head, ObjectHeader.footprint(bodyBytes));
      memory.segments().fill(SegmentTable.segmentOf(head), ObjectHeader.footprint(bodyBytes));
      memory.openRun(head, firstFrame, pages);
      ObjectHeader.write(memory.frameRawAddress(firstFrame), recordIndex, bodyBytes);
      memory.segments().closePage(head);
      if (pages > MAX_SHARED_PAGES) {
        memory.segments().close(SegmentTable.segmentOf(head));
      }
      return FarAddress.ofPage(head);
    } finally {
      lock.unlock();
    }
  }

  private long shared(int pages) {
    if (nextPage + pages > SegmentTable.SEGMENT_PAGES) {
      int taken = memory.segments().take(Heat.LARGE);
      if (taken == SegmentTable.NONE) {
        return LogBuffer.NO_ROOM;
      }
      closeShared();
      segment = taken;
      nextPage = 0;
    }
    long head = SegmentTable.firstPage(segment) + nextPage;
    nextPage += pages;
    return head;
  }

  private long own(int pages) {
    int length = (pages + SegmentTable.SEGMENT_PAGES - 1) / SegmentTable.SEGMENT_PAGES;
    int first = memory.segments().takeRun(length, Heat.LARGE);
    return first == SegmentTable.NONE ? LogBuffer.NO_ROOM : SegmentTable.firstPage(first);
  }

  private void closeShared() {
    if (segment != SegmentTable.NONE) {
      memory.segments().close(segment);
      segment = SegmentTable.NONE;
    }
  }

  /** Closes the shared segment. */
  public void seal() {
    lock.lock();
    try {
      nextPage = SegmentTable.SEGMENT_PAGES;
      closeShared();
    } finally {
      lock.unlock();
    }
  }
}
