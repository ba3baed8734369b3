package io.farheap.jmh.work;

/** Sizes that follow from key and generation alone, so that every heap has the same objects. */
final class ObjectSizes {
  private static final long KEY_ODD = 0x9E37_79B9_7F4A_7C15L;
  private static final long GENERATION_ODD = 0xD1B5_4A32_D192_ED03L;
  private static final double UNIT = 0x1.0p-53;
  private static final int MIN_SMALL_BYTES = 64;
  private static final int MAX_SMALL_BYTES = 448;

  private ObjectSizes() {}

  /** Of small objects: evenly between 64 and 448 bytes, both included. */
  static int small(int key, int generation) {
    return uniform(key, generation, MIN_SMALL_BYTES, MAX_SMALL_BYTES);
  }

  /** Evenly between two sizes, both included; all are multiples of 8. */
  static int uniform(int key, int generation, int minBytes, int maxBytes) {
    int choices = (maxBytes - minBytes) / Long.BYTES + 1;
    int choice = (int) (fraction(key, generation) * choices);
    return minBytes + choice * Long.BYTES;
  }

  /** So that every doubling of the size is as frequent as any other; multiples of 8. */
  static int logUniform(int key, int generation, int minBytes, int maxBytes) {
    double bytes = minBytes * Math.pow((double) maxBytes / minBytes, fraction(key, generation));
    return Math.min(maxBytes, (int) bytes + Long.BYTES - 1) & -Long.BYTES;
  }

  /** From 0 to 1, 1 left out. */
  private static double fraction(int key, int generation) {
    long mixed = (key + 1) * KEY_ODD + generation * GENERATION_ODD;
    mixed = (mixed ^ mixed >>> 32) * KEY_ODD;
    mixed = (mixed ^ mixed >>> 29) * GENERATION_ODD;
    return ((mixed ^ mixed >>> 32) >>> 11) * UNIT;
  }
}
