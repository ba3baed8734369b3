package io.farheap.jmh.work;

import java.util.SplittableRandom;

/**
 * Draws objects so that the k-th most popular is drawn in proportion to 1 / k^theta, and scatters
 * popularity over the objects by a fixed permutation.
 *
 * <p>The sampler is that of Gray et al., "Quickly generating billion-record synthetic databases",
 * SIGMOD 1994, as YCSB uses it.
 */
public final class ZipfSampler {
  private final int bits;
  private final int mask;
  private final double theta;
  private final double zeta;
  private final double alpha;
  private final double eta;

  /**
   * Makes a sampler.
   *
   * @param objects how many to draw from, a power of two of at least 4
   * @param theta skew, between 0 and 1 and neither
   */
  public ZipfSampler(int objects, double theta) {
    if (objects < 4 || Integer.bitCount(objects) != 1 || !(theta > 0 && theta < 1)) {
      throw new IllegalArgumentException(
          objects + " objects with skew " + theta + "; want a power of two from 4, and 0 to 1");
    }
    this.bits = Integer.numberOfTrailingZeros(objects);
    this.mask = objects - 1;
    this.theta = theta;
    double sum = 0;
    for (int k = objects; k >= 1; k--) { // small terms first, so that none is lost
      sum += Math.pow(k, -theta);
    }
    this.zeta = sum;
    this.alpha = 1 / (1 - theta);
    this.eta = (1 - Math.pow(2.0 / objects, 1 - theta)) / (1 - zetaOfTwo() / sum);
  }

  private double zetaOfTwo() {
    return 1 + Math.pow(2, -theta);
  }

  /** Fills an array with objects drawn; the same seed draws the same. */
  public void fill(int[] picks, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < picks.length; i++) {
      picks[i] = scatter(rank(random.nextDouble()));
    }
  }

  /** The popularity rank, from 0, that a uniform number from 0 to 1 stands for. */
  int rank(double uniform) {
    double scaled = uniform * zeta;
    if (scaled < 1) {
      return 0;
    }
    if (scaled < zetaOfTwo()) {
      return 1;
    }
    return Math.min(mask, (int) ((mask + 1) * Math.pow(eta * (uniform - 1) + 1, alpha)));
  }

  /** The object of a rank: a permutation, since each step can be undone. */
  public int scatter(int rank) {
    int half = (bits + 1) / 2;
    int mixed = (rank * 0x9E37_79B1) & mask;
    mixed ^= mixed >>> half;
    mixed = (mixed * 0x85EB_CA6B) & mask;
    return mixed ^ (mixed >>> half);
  }
}
