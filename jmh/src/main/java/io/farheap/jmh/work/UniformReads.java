package io.farheap.jmh.work;

import java.util.SplittableRandom;

/** Every small object as likely as any other: nothing is hot, and neighbours have no relation. */
public final class UniformReads implements Workload {
  private static final int MIN_BYTES = 64;
  private static final int MAX_BYTES = 448;
  private static final int UPDATE_PERCENT = 5;
  private static final int WINDOWS_IN_PERIOD = 5;

  private final int keys;
  private final int operationsInWindow;
  private final SplittableRandom random;

  /**
   * Starts a stream.
   *
   * @param keys how many
   * @param operationsInWindow operations of a window
   * @param seed what the stream follows from
   */
  public UniformReads(int keys, int operationsInWindow, long seed) {
    this.keys = keys;
    this.operationsInWindow = operationsInWindow;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public int keys() {
    return keys;
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.uniform(key, generation, MIN_BYTES, MAX_BYTES);
  }

  @Override
  public int keyAt(int position) {
    return position;
  }

  @Override
  public int operationsInWindow() {
    return operationsInWindow;
  }

  @Override
  public int windowsInPeriod() {
    return WINDOWS_IN_PERIOD;
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      int kind = random.nextInt(100) < UPDATE_PERCENT ? Operations.UPDATE : Operations.READ;
      operations[i] = Operations.of(kind, random.nextInt(keys));
    }
  }
}
