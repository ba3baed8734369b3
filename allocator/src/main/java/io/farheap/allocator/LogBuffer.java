package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open end of the log: the pages to which objects of one heat are being added.
 *
 * <p>Objects are bumped onto the fullest open page with room. An open page holds one pin, so that
 * it cannot leave, and every reservation one more until it is finished. The lock is held for the
 * bump only: frames and slabs are fetched outside it.
 */
public final class LogBuffer {
  /** Answer of {@link #reserve} when a page has to be added first. */
  public static final long NO_ROOM = -1;

  /** A page with less room than this is closed. */
  private static final int MIN_ROOM = 48;

  private final ReentrantLock lock = new ReentrantLock();
  private final HeapMemory memory;
  private final Heat heat;
  private final long[] pages;
  private final int[] frames;
  private final int[] used;
  private int open;
  private int segment = SegmentTable.NONE;
  private int nextPage = SegmentTable.SEGMENT_PAGES;

  /**
   * A buffer without pages.
   *
   * @param maxOpenPages how many pages it may hold open, and so pinned
   */
  LogBuffer(HeapMemory memory, Heat heat, int maxOpenPages) {
    this.memory = memory;
    this.heat = heat;
    this.pages = new long[maxOpenPages];
    this.frames = new int[maxOpenPages];
    this.used = new int[maxOpenPages];
  }

  /**
   * Reserves room for an object and writes its header. Its page is pinned, and counts the object as
   * live, until {@link HeapMemory#finish} or {@link HeapMemory#abandon}.
   *
   * @param recordIndex the object's record
   * @param bodyBytes size of the body, at most {@link ObjectHeader#MAX_SMALL_BODY}
   * @return far address of the header, or {@link #NO_ROOM}
   */
  public long reserve(long recordIndex, int bodyBytes) {
    int footprint = ObjectHeader.footprint(bodyBytes);
    lock.lock();
    try {
      int best = fullestWithRoom(footprint);
      return best < 0 ? NO_ROOM : reserveOn(best, recordIndex, bodyBytes, footprint);
    } finally {
      lock.unlock();
    }
  }

  /** Best fit: the large rests stay for large objects. */
  private int fullestWithRoom(int footprint) {
    int best = -1;
    for (int i = 0; i < open; i++) {
      if (PageWord.PAGE_BYTES - used[i] >= footprint && (best < 0 || used[i] > used[best])) {
        best = i;
      }
    }
    return best;
  }

  private long reserveOn(int i, long recordIndex, int bodyBytes, int footprint) {
    long page = pages[i];
    int offset = used[i];
    long rawAddress = memory.frameRawAddress(frames[i]) + offset;
    used[i] = offset + footprint;
    if (used[i] < PageWord.PAGE_BYTES) {
      NativeMemory.putLong(rawAddress + footprint, 0); // ends the page for who walks its headers
    }
    ObjectHeader.write(rawAddress, recordIndex, bodyBytes);
    memory.segments().addLive(page, footprint);
    memory.segments().fill(SegmentTable.segmentOf(page), footprint);
    memory.frameTable().pin(frames[i]);
    if (PageWord.PAGE_BYTES - used[i] < MIN_ROOM) {
      closePage(i);
    }
    return FarAddress.ofPage(page) + offset;
  }

  /**
   * Opens another page in a frame, which is the buffer's from here on.
   *
   * @return false if no segment is free; the frame is still the caller's
   */
  public boolean addPage(int frame) {
    lock.lock();
    try {
      if (nextPage == SegmentTable.SEGMENT_PAGES) {
        int taken = memory.segments().take(heat);
        if (taken == SegmentTable.NONE) {
          return false;
        }
        segment = taken;
        nextPage = 0;
      }
      if (open == pages.length) {
        closePage(fullest());
      }
      long page = SegmentTable.firstPage(segment) + nextPage++;
      memory.openLogPage(page, frame, heat);
      NativeMemory.putLong(memory.frameRawAddress(frame), 0);
      pages[open] = page;
      frames[open] = frame;
      used[open] = 0;
      open++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #addPage} would find a segment. A guess, unless the caller alone adds pages. */
  public boolean canAddPage() {
    lock.lock();
    try {
      return nextPage < SegmentTable.SEGMENT_PAGES || memory.segments().freeSegments() > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Closes every open page, so that it may leave; its unused rest is lost. */
  public void closePages() {
    lock.lock();
    try {
      while (open > 0) {
        closePage(open - 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes every open page, so that it may leave, and the open segment. */
  public void seal() {
    lock.lock();
    try {
      nextPage = SegmentTable.SEGMENT_PAGES;
      while (open > 0) {
        closePage(open - 1);
      }
      if (segment != SegmentTable.NONE) {
        closeSegmentIfDone(segment);
      }
    } finally {
      lock.unlock();
    }
  }

  private int fullest() {
    int best = 0;
    for (int i = 1; i < open; i++) {
      if (used[i] > used[best]) {
        best = i;
      }
    }
    return best;
  }

  private void closePage(int i) {
    long page = pages[i];
    int frame = frames[i];
    open--;
    System.arraycopy(pages, i + 1, pages, i, open - i);
    System.arraycopy(frames, i + 1, frames, i, open - i);
    System.arraycopy(used, i + 1, used, i, open - i);
    memory.segments().closePage(page);
    memory.frameTable().unpin(frame);
    closeSegmentIfDone(SegmentTable.segmentOf(page));
  }

  private void closeSegmentIfDone(int candidate) {
    if (candidate == segment && nextPage < SegmentTable.SEGMENT_PAGES) {
      return;
    }
    for (int i = 0; i < open; i++) {
      if (SegmentTable.segmentOf(pages[i]) == candidate) {
        return;
      }
    }
    if (candidate == segment) {
      segment = SegmentTable.NONE;
    }
    memory.segments().close(candidate);
  }
}
