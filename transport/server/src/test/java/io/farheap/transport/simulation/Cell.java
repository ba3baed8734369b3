package io.farheap.transport.simulation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;

/**
 * Some bytes of a slab, written and read as a whole: one stamp again and again. Knows which stamps
 * may be there: that of the last write that has succeeded, and of later ones that may have.
 */
final class Cell {
  /** Offsets and lengths of the cells of a slab; the longest is read without a buffer between. */
  static final int[][] PLACES = {{0, 64}, {4_096, 512}, {8_192, 4_096}, {16_384, 24_576}};

  static final int LONGEST_BYTES = 24_576;

  private final int offset;
  private final int lengthBytes;
  private final Set<Long> possible = new HashSet<>(Set.of(0L));

  Cell(int[] place) {
    this.offset = place[0];
    this.lengthBytes = place[1];
  }

  int offset() {
    return offset;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  void written(long stamp) {
    possible.clear();
    possible.add(stamp);
  }

  void perhapsWritten(long stamp) {
    possible.add(stamp);
  }

  /** Checks what was read. From then on it is decided what is there. */
  void read(World world, MemorySegment bytes) {
    long stamp = bytes.get(ValueLayout.JAVA_LONG, 0);
    world.require(
        holds(bytes.asSlice(0, lengthBytes), stamp), "what was read is of several writes");
    world.require(
        possible.contains(stamp),
        "read " + Long.toHexString(stamp) + " where one of " + hex() + " must be");
    written(stamp);
  }

  private String hex() {
    return possible.stream().map(Long::toHexString).toList().toString();
  }

  static void fill(MemorySegment bytes, long stamp) {
    bytes.set(ValueLayout.JAVA_LONG, 0, stamp);
    for (long filled = Long.BYTES; filled < bytes.byteSize(); filled *= 2) {
      long more = Math.min(filled, bytes.byteSize() - filled);
      MemorySegment.copy(bytes, 0, bytes, filled, more);
    }
  }

  static boolean holds(MemorySegment bytes, long stamp) {
    long last = bytes.byteSize() - Long.BYTES;
    return bytes.get(ValueLayout.JAVA_LONG, 0) == stamp
        && bytes.asSlice(0, last).mismatch(bytes.asSlice(Long.BYTES, last)) < 0;
  }
}
