package io.farheap.evacuator;

import io.farheap.allocator.SegmentTable;

/**
 * Whether far memory has room for the garbage that the object path makes: every object fetched by
 * it leaves a hole, which is free again only when its whole segment is dead.
 *
 * <p>As long as more is free than lives, a copy of every object could still be taken. With a
 * compactor that frees the holes a small part of that is enough. Below, pages go out for the paging
 * path, which leaves no holes, so that a miss never fails for want of far memory.
 */
final class FarRoom {
  /** The sum of live bytes is taken anew when so many segments more or fewer are in use. */
  private static final int STALE_AFTER_SEGMENTS = 16;

  private static final int PART_FOR_COMPACTION = 8;

  private final SegmentTable segments;
  private final int part;
  private long liveBytes;
  private int usedWhenSummed = -STALE_AFTER_SEGMENTS;

  FarRoom(SegmentTable segments, boolean compaction) {
    this.segments = segments;
    this.part = compaction ? PART_FOR_COMPACTION : 1;
  }

  /** Whether the object path may go on making holes. */
  boolean plenty() {
    int used = segments.usedSegments();
    if (Math.abs(used - usedWhenSummed) >= STALE_AFTER_SEGMENTS) {
      usedWhenSummed = used;
      liveBytes = segments.liveBytes();
    }
    long freeBytes = (long) (segments.segments() - used) * SegmentTable.SEGMENT_BYTES;
    return freeBytes > liveBytes / part;
  }
}
