package io.farheap.apps.load;

import java.util.SplittableRandom;

/**
 * Draws keys so that the k-th most popular comes in proportion to 1 / k^skew, scatters popularity
 * over the keys, and lets the popular ones change.
 *
 * <p>The sampler is the rejection-inversion of Hörmann and Derflinger, "Rejection-inversion to
 * generate variates from monotone discrete distributions", TOMACS 1996: exact for any skew, without
 * tables. For one thread.
 */
final class KeyPicker {
  private static final double NEARLY_ONE = 1e-9;
  private static final long STRIDE = 0x9E37_79B1L;
  private static final int FACTOR = 0x85EB_CA6B;

  private final int keys;
  private final double skew;

  /** 1 - skew, the exponent of the integral. */
  private final double q;

  private final double integralFirst;
  private final double integralLast;
  private final double alwaysBelow;
  private final int mask;
  private final int half;
  private final long lifeOperations;
  private final SplittableRandom random;
  private long operations;

  /**
   * Makes a picker.
   *
   * @param keys how many to draw from
   * @param skew 0 for uniform
   * @param lifeOperations after how many draws of this picker each rank of popularity has gone to
   *     another key once; 0 for never
   * @param seed where draws come from
   */
  KeyPicker(int keys, double skew, long lifeOperations, long seed) {
    if (keys < 1 || !(skew >= 0 && skew <= Shape.MOST_SKEW) || lifeOperations < 0) {
      throw new IllegalArgumentException(
          keys
              + " keys, skew "
              + skew
              + ", churn "
              + lifeOperations
              + "; want at least one key,"
              + " a skew from 0 to "
              + Shape.MOST_SKEW
              + " and no churn below 0");
    }
    this.keys = keys;
    this.skew = skew;
    this.lifeOperations = lifeOperations;
    this.q = 1 - skew;
    this.random = new SplittableRandom(seed);
    this.integralFirst = integral(1.5) - 1;
    this.integralLast = integral(keys + 0.5);
    this.alwaysBelow = 2 - inverse(integral(2.5) - Math.pow(2, -skew));
    int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(keys - 1));
    this.mask = (1 << bits) - 1;
    this.half = (bits + 1) / 2;
  }

  /** The next key, from 0. */
  int next() {
    int rank = skew == 0 ? random.nextInt(keys) : rank();
    if (lifeOperations == 0) {
      return scatter(rank);
    }
    // Each rank changes at its own time, so that the popular keys change one by one.
    long phase = Long.remainderUnsigned(Mix.of(rank), lifeOperations);
    long generation = (operations++ + phase) / lifeOperations;
    return scatter((int) ((rank + generation * STRIDE) % keys));
  }

  /** Draws a popularity rank, 0 for the most popular. */
  int rank() {
    while (true) {
      double u = integralLast + random.nextDouble() * (integralFirst - integralLast);
      double x = inverse(u);
      int k = Math.clamp(Math.round(x), 1, keys);
      if (k - x <= alwaysBelow || u >= integral(k + 0.5) - Math.pow(k, -skew)) {
        return k - 1;
      }
    }
  }

  private double integral(double x) {
    return Math.abs(q) < NEARLY_ONE ? Math.log(x) : (Math.pow(x, q) - 1) / q;
  }

  private double inverse(double u) {
    return Math.abs(q) < NEARLY_ONE ? Math.exp(u) : Math.pow(1 + u * q, 1 / q);
  }

  /** The key of a rank: a permutation of a power of two, walked until it hits a key. */
  int scatter(int rank) {
    int key = rank;
    do {
      key = (key * (int) STRIDE) & mask;
      key ^= key >>> half;
      key = (key * FACTOR) & mask;
      key ^= key >>> half;
    } while (key >= keys);
    return key;
  }
}
