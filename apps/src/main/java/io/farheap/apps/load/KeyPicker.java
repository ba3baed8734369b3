package io.farheap.apps.load;

import io.farheap.apps.random.Mixer;
import io.farheap.apps.random.Permutation;
import io.farheap.apps.random.ZipfSampler;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Draws keys so that the k-th most popular comes in proportion to 1 / k^skew, scatters popularity
 * over the keys, and lets the popular ones change. For one thread.
 */
final class KeyPicker {
  private static final long STRIDE = 0x9E37_79B1L;

  private final int keys;
  private final double skew;
  private final ZipfSampler ranks;
  private final Permutation keyOfRank;
  private final long lifeOperations;
  private final SplittableRandom random;
  private final DoubleSupplier uniform;
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
    this.random = new SplittableRandom(seed);
    this.uniform = random::nextDouble;
    this.ranks = new ZipfSampler(keys, skew);
    this.keyOfRank = new Permutation(keys);
  }

  /** The next key, from 0. */
  int next() {
    int rank = skew == 0 ? random.nextInt(keys) : rank();
    if (lifeOperations == 0) {
      return keyOfRank.of(rank);
    }
    // Each rank changes at its own time, so that the popular keys change one by one.
    long phase = Long.remainderUnsigned(Mixer.hash(rank), lifeOperations);
    long generation = (operations++ + phase) / lifeOperations;
    return keyOfRank.of((int) ((rank + generation * STRIDE) % keys));
  }

  /** Draws a popularity rank, 0 for the most popular. */
  int rank() {
    return (int) ranks.next(uniform) - 1;
  }
}
