package io.farheap.jmh.work;

import java.util.SplittableRandom;

/** Every small object as likely as any other: nothing is hot, and neighbours have no relation. */
public final class UniformReads extends Workload {
  private static final int UPDATE_PERCENT = 5;
  private static final int WINDOWS_IN_PERIOD = 5;

  private final SplittableRandom random;

  /**
   * Starts a stream.
   *
   * @param keys how many
   * @param operationsInWindow operations of a window
   * @param seed what the stream follows from
   */
  public UniformReads(int keys, int operationsInWindow, long seed) {
    super("uniform", keys, operationsInWindow, WINDOWS_IN_PERIOD);
    this.random = new SplittableRandom(seed);
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.small(key, generation);
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      int kind = random.nextInt(100) < UPDATE_PERCENT ? Operations.UPDATE : Operations.READ;
      operations[i] = Operations.of(kind, random.nextInt(keys()));
    }
  }
}
