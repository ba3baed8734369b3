package io.farheap.evacuator;

import io.farheap.allocator.Heat;
import io.farheap.allocator.SegmentTable;

/**
 * What a survey saw of a closed segment.
 *
 * @param segment its number
 * @param heat what its objects have in common
 * @param liveBytes bytes of its live objects, headers included
 * @param filledBytes bytes of all objects that were ever put into it; the rest is what did not fit
 *     and no cleaning wins
 * @param localPages how many of its pages with live objects are local
 * @param remotePages how many of them are in far memory only
 * @param localLiveBytes live bytes of the local ones
 * @param touchedBytes bytes of the local ones that were used since they came in
 */
public record SegmentView(
    int segment,
    Heat heat,
    int liveBytes,
    int filledBytes,
    int localPages,
    int remotePages,
    int localLiveBytes,
    int touchedBytes) {

  /** Live bytes in relation to all that were put into the segment. */
  double liveShare() {
    return filledBytes <= liveBytes ? 1 : (double) liveBytes / filledBytes;
  }

  /** Used bytes in relation to the live ones, of the local pages. */
  double touchedShare() {
    return localLiveBytes == 0 ? 0 : (double) touchedBytes / localLiveBytes;
  }

  /** Far memory that is won if its objects are packed elsewhere as densely as here at first. */
  double garbageBytes() {
    return SegmentTable.SEGMENT_BYTES * (1 - liveShare());
  }
}
