package io.farheap.apps.memcached.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hash of a key: eight bytes at a time by multiplication to 128 bits, whose halves are folded,
 * after wyhash by Wang Yi.
 */
final class KeyHash {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
  private static final long MIX = 0xD6E8_FEB8_6659_FD93L;

  private KeyHash() {}

  /** A hash of which every bit depends on every byte. */
  static long of(byte[] key, int lengthBytes) {
    long h = SEED ^ lengthBytes;
    int at = 0;
    while (at <= lengthBytes - Long.BYTES) {
      h = fold(h ^ (long) LONGS.get(key, at), MIX);
      at += Long.BYTES;
    }
    long tail = 0;
    while (at < lengthBytes) {
      tail = (tail << Byte.SIZE) | (key[at] & 0xFF);
      at++;
    }
    return fold(fold(h ^ tail, MIX), SEED);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }
}
