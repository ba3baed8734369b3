package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Hash of a key: eight bytes at a time by multiplication to 128 bits, whose halves are folded,
 * after wyhash by Wang Yi.
 */
final class KeyHash {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
  private static final long MIX = 0xD6E8_FEB8_6659_FD93L;

  private KeyHash() {}

  /** A hash of which every bit depends on every byte. */
  static long of(MemorySegment base, long offset, int lengthBytes) {
    long h = SEED ^ lengthBytes;
    long at = offset;
    int left = lengthBytes;
    while (left >= Long.BYTES) {
      h = fold(h ^ base.get(LONG, at), MIX);
      at += Long.BYTES;
      left -= Long.BYTES;
    }
    long tail = 0;
    if (left >= Integer.BYTES) {
      tail = base.get(INT, at) & 0xFFFF_FFFFL;
      at += Integer.BYTES;
      left -= Integer.BYTES;
    }
    while (left > 0) {
      tail = (tail << Byte.SIZE) | (base.get(ValueLayout.JAVA_BYTE, at) & 0xFF);
      at++;
      left--;
    }
    return fold(fold(h ^ tail, MIX), SEED);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }
}
