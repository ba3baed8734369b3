package io.farheap.index;

/** Keys that are part of their handles, so that a test can compare them. */
final class TestKeys {
  private static final int KEY_BITS = 24;

  private TestKeys() {}

  static long handle(long version, long key) {
    return (version << KEY_BITS) | key;
  }

  static long key(long handle) {
    return handle & ((1 << KEY_BITS) - 1);
  }

  static long version(long handle) {
    return handle >>> KEY_BITS;
  }

  /** A hash of which only some low bits differ; the top two are free to make splits happen. */
  static long hash(long key, int bits) {
    long mixed = key * 0x9E37_79B9_7F4A_7C15L;
    mixed ^= mixed >>> 32;
    mixed *= 0xD6E8_FEB8_6659_FD93L;
    mixed ^= mixed >>> 29;
    return bits == 64 ? mixed : mixed & ((1L << bits) - 1);
  }
}
