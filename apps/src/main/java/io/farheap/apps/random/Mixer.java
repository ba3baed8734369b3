package io.farheap.apps.random;

/** Turns small numbers that differ little into bits that look random. */
public final class Mixer {
  /** Odd, and its bits look random: 2^64 over the golden ratio. */
  public static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

  private Mixer() {}

  /** Steele, Lea and Flood's SplitMix64 finaliser: a bijection, with 0 for 0. */
  public static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }

  /** What goes with a number, 0 included: two numbers, however near, have nothing in common. */
  public static long hash(long value) {
    return mix(value + GOLDEN);
  }
}
