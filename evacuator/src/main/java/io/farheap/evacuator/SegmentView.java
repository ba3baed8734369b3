package io.farheap.evacuator;

import io.farheap.allocator.Heat;
import io.farheap.allocator.SegmentTable;

/**
 * What a survey saw of a closed segment.
 *
 * @param segment its number
 * @param heat what its objects have in common
 * @param liveBytes bytes of its live objects, headers included
 * @param localPages how many of its pages with live objects are local
 * @param remotePages how many of them are in far memory only
 * @param localLiveBytes live bytes of the local ones
 * @param touchedBytes bytes of the local ones that were used since they came in
 */
public record SegmentView(
    int segment,
    Heat heat,
    int liveBytes,
    int localPages,
    int remotePages,
    int localLiveBytes,
    int touchedBytes) {

  /** Live bytes in relation to the segment's size. */
  double liveShare() {
    return (double) liveBytes / SegmentTable.SEGMENT_BYTES;
  }

  /** Used bytes in relation to the live ones, of the local pages. */
  double touchedShare() {
    return localLiveBytes == 0 ? 0 : (double) touchedBytes / localLiveBytes;
  }

  /** Bytes that are free again once the segment is empty and its objects are elsewhere. */
  int garbageBytes() {
    return SegmentTable.SEGMENT_BYTES - liveBytes;
  }
}
