package io.farheap.apps.demo;

/** Turns small numbers that differ little into bits that look random. */
final class Mixer {
  /** Odd, and its bits look random: 2^64 over the golden ratio. */
  static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mixer() {}

  /** Steele, Lea and Flood's SplitMix64 finaliser: a bijection, with 0 for 0. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
