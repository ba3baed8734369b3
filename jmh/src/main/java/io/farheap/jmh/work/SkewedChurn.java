package io.farheap.jmh.work;

import io.farheap.apps.random.Permutation;
import io.farheap.apps.random.ZipfSampler;
import java.util.SplittableRandom;

/**
 * Small objects of mixed sizes with zipf popularity, few of them hot, most reads, some updates and
 * replacements. Which objects are popular changes slowly.
 */
public final class SkewedChurn extends Workload {
  private static final double THETA = 0.99;
  private static final int UPDATE_PERCENT = 5;

  /** In each window one of so many ranks gets another object. */
  private static final int STEADY_RANKS = 256;

  private static final int WINDOWS_IN_PERIOD = 5;

  private final int replacePercent;
  private final int[] keyOfRank;
  private final ZipfSampler ranks;
  private final SplittableRandom random;

  /**
   * Starts a stream.
   *
   * @param keys how many, a power of two
   * @param operationsInWindow operations of a window
   * @param replacePercent how many of 100 operations replace an object
   * @param seed what the stream follows from
   */
  public SkewedChurn(int keys, int operationsInWindow, int replacePercent, long seed) {
    super("skewed-churn", keys, operationsInWindow, WINDOWS_IN_PERIOD);
    this.replacePercent = replacePercent;
    this.ranks = new ZipfSampler(keys, THETA);
    Permutation first = new Permutation(keys);
    this.keyOfRank = new int[keys];
    for (int rank = 0; rank < keys; rank++) {
      keyOfRank[rank] = first.of(rank);
    }
    this.random = new SplittableRandom(seed);
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.small(key, generation);
  }

  @Override
  public void next(int[] operations) {
    drift();
    for (int i = 0; i < operations.length; i++) {
      int key = keyOfRank[(int) ranks.next(random::nextDouble) - 1];
      int percent = random.nextInt(100);
      int kind =
          percent < replacePercent
              ? Operations.REPLACE
              : percent < replacePercent + UPDATE_PERCENT ? Operations.UPDATE : Operations.READ;
      operations[i] = Operations.of(kind, key);
    }
  }

  private void drift() {
    for (int i = 0; i < keys() / STEADY_RANKS / 2; i++) {
      int one = random.nextInt(keys());
      int other = random.nextInt(keys());
      int key = keyOfRank[one];
      keyOfRank[one] = keyOfRank[other];
      keyOfRank[other] = key;
    }
  }
}
