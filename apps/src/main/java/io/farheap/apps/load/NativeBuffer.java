package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A queue of bytes that grows as needed. For one thread. */
final class NativeBuffer implements AutoCloseable {
  private static final int ALIGNMENT = Long.BYTES;

  private Arena arena = Arena.ofShared();
  private long base;
  private long capacity;
  private long from;
  private long to;

  NativeBuffer(long capacityBytes) {
    capacity = capacityBytes;
    base = arena.allocate(capacity, ALIGNMENT).address();
  }

  boolean isEmpty() {
    return from == to;
  }

  long filledBytes() {
    return to - from;
  }

  long firstRawAddress() {
    return base + from;
  }

  long behindRawAddress() {
    return base + to;
  }

  /** Makes room for so many more bytes and answers where they begin. */
  long room(long lengthBytes) {
    if (to + lengthBytes > capacity) {
      moveTo(to - from + lengthBytes);
    }
    return base + to;
  }

  /** How many more bytes fit, at least one; moves what there is to make it many. */
  long roomBytes() {
    if (to == capacity || (capacity - to < capacity / 2 && from > capacity / 2)) {
      moveTo(to - from + 1);
    }
    return capacity - to;
  }

  /** Sees to it that so many bytes fit all together. */
  void want(long lengthBytes) {
    if (from + lengthBytes > capacity) {
      moveTo(lengthBytes);
    }
  }

  private void moveTo(long lengthBytes) {
    if (lengthBytes <= capacity) {
      MemorySegment.copy(ALL, base + from, ALL, base, to - from);
    } else {
      long larger = Math.max(lengthBytes, 2 * capacity);
      Arena next = Arena.ofShared();
      long there = next.allocate(larger, ALIGNMENT).address();
      MemorySegment.copy(ALL, base + from, ALL, there, to - from);
      arena.close();
      arena = next;
      base = there;
      capacity = larger;
    }
    to -= from;
    from = 0;
  }

  /** Says that bytes were written up to there. */
  void filledTo(long rawAddress) {
    to = rawAddress - base;
  }

  /** Removes bytes from the front. */
  void take(long lengthBytes) {
    from += lengthBytes;
    if (from == to) {
      from = 0;
      to = 0;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
