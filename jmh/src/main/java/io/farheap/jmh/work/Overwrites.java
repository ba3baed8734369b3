package io.farheap.jmh.work;

import io.farheap.apps.random.Permutation;
import io.farheap.apps.random.ZipfSampler;
import java.util.SplittableRandom;

/** Nothing but objects freed and allocated anew in another size, popular keys more often. */
public final class Overwrites extends Workload {
  private final int minBytes;
  private final int maxBytes;
  private final ZipfSampler ranks;
  private final Permutation keyOfRank;
  private final SplittableRandom random;

  /**
   * Starts a stream.
   *
   * @param keys how many, a power of two
   * @param operationsInWindow operations of a window
   * @param minBytes size of the smallest object
   * @param maxBytes size of the largest; every doubling in between is as frequent as any other
   * @param theta skew of popularity
   * @param seed what the stream follows from
   */
  public Overwrites(
      int keys, int operationsInWindow, int minBytes, int maxBytes, double theta, long seed) {
    super("overwrites", keys, operationsInWindow, 1);
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
    this.ranks = new ZipfSampler(keys, theta);
    this.keyOfRank = new Permutation(keys);
    this.random = new SplittableRandom(seed);
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.logUniform(key, generation, minBytes, maxBytes);
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      int key = keyOfRank.of((int) ranks.next(random::nextDouble) - 1);
      operations[i] = Operations.of(Operations.REPLACE, key);
    }
  }
}
