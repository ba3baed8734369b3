package io.farheap.jmh.load;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;

/** Compares bytes at raw addresses. */
final class Bytes {
  private static final MemorySegment ALL = NativeMemory.view(0, Long.MAX_VALUE);
  private static final int SHORT = 64;

  private Bytes() {}

  /** Whether two ranges hold the same. */
  static boolean same(long first, long second, long lengthBytes) {
    if (lengthBytes >= SHORT) {
      return MemorySegment.mismatch(
              ALL, first, first + lengthBytes, ALL, second, second + lengthBytes)
          < 0;
    }
    long at = 0;
    for (; at + Long.BYTES <= lengthBytes; at += Long.BYTES) {
      if (NativeMemory.getLong(first + at) != NativeMemory.getLong(second + at)) {
        return false;
      }
    }
    for (; at < lengthBytes; at++) {
      if (NativeMemory.getByte(first + at) != NativeMemory.getByte(second + at)) {
        return false;
      }
    }
    return true;
  }
}
