package io.farheap.evacuator;

import java.util.List;

/**
 * What a survey saw of the heap; a racy picture, which does not change any more.
 *
 * @param usedBytes far memory that is taken, in whole segments
 * @param liveBytes bytes of live objects, headers included
 * @param filledBytes bytes of all objects, living and dead, in the segments that are taken
 * @param freeBytes far memory that is free or can still be got
 * @param localPressure whether pages are going out for want of frames
 * @param segments the closed segments that may be worth cleaning, those with the fewest live bytes
 *     first
 */
public record HeapView(
    long usedBytes,
    long liveBytes,
    long filledBytes,
    long freeBytes,
    boolean localPressure,
    List<SegmentView> segments) {
  /** Checks nothing; makes the list unchangeable. */
  public HeapView {
    segments = List.copyOf(segments);
  }

  /** Bytes of dead objects in relation to those of live ones. */
  double deadPerLive() {
    return (double) (filledBytes - liveBytes) / Math.max(1, liveBytes);
  }
}
