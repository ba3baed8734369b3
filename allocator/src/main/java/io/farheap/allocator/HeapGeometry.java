package io.farheap.allocator;

/**
 * Sizes of one heap's structures.
 *
 * @param frames frames of local memory
 * @param reserveFrames frames that only background work may take
 * @param farBytes far address space, a multiple of the slab size
 * @param slabBytes size of a slab, a multiple of a segment's
 * @param stripes allocation buffers per heat, a power of two
 * @param hugePages whether to ask the system for 2 MiB pages
 */
public record HeapGeometry(
    int frames, int reserveFrames, long farBytes, long slabBytes, int stripes, boolean hugePages) {

  /** Checks that the sizes go together. */
  public HeapGeometry {
    if (frames <= reserveFrames || frames > PageWord.MAX_FRAMES) {
      throw new IllegalArgumentException(frames + " frames, " + reserveFrames + " in reserve");
    }
    if (slabBytes % SegmentTable.SEGMENT_BYTES != 0 || farBytes % slabBytes != 0) {
      throw new IllegalArgumentException(farBytes + " bytes in slabs of " + slabBytes);
    }
    if (Integer.bitCount(stripes) != 1) {
      throw new IllegalArgumentException(stripes + " stripes is not a power of two");
    }
  }

  /** Most objects that far memory can hold: the smallest takes 16 bytes. */
  long maxRecords() {
    return farBytes / ObjectHeader.ALIGNMENT;
  }
}
