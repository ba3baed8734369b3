package io.farheap.apps.load;

/** Scrambles numbers, so that what is derived from neighbours has nothing in common. */
final class Mix {
  private static final int SHIFT_1 = 30;
  private static final int SHIFT_2 = 27;
  private static final int SHIFT_3 = 31;
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final long FACTOR_1 = 0xBF58_476D_1CE4_E5B9L;
  private static final long FACTOR_2 = 0x94D0_49BB_1331_11EBL;

  private Mix() {}

  /** All bits depend on all bits: the finaliser of SplitMix64 (Steele et al., OOPSLA 2014). */
  static long of(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> SHIFT_1)) * FACTOR_1;
    z = (z ^ (z >>> SHIFT_2)) * FACTOR_2;
    return z ^ (z >>> SHIFT_3);
  }
}
