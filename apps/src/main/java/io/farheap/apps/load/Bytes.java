package io.farheap.apps.load;

import static io.farheap.base.memory.NativeMemory.ALL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Compares bytes at raw addresses. */
final class Bytes {
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
      if (ALL.get(JAVA_LONG_UNALIGNED, first + at) != ALL.get(JAVA_LONG_UNALIGNED, second + at)) {
        return false;
      }
    }
    for (; at < lengthBytes; at++) {
      if (ALL.get(JAVA_BYTE, first + at) != ALL.get(JAVA_BYTE, second + at)) {
        return false;
      }
    }
    return true;
  }
}
