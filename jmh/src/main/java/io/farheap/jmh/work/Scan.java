package io.farheap.jmh.work;

/** Every small object in the order of allocation, over and over. */
public final class Scan implements Workload {
  private static final int MIN_BYTES = 64;
  private static final int MAX_BYTES = 448;

  private final int keys;
  private final int operationsInWindow;
  private int position;

  /**
   * Starts a stream.
   *
   * @param keys how many, a multiple of {@code operationsInWindow}
   * @param operationsInWindow operations of a window
   */
  public Scan(int keys, int operationsInWindow) {
    if (keys % operationsInWindow != 0) {
      throw new IllegalArgumentException(
          keys + " keys are not whole windows of " + operationsInWindow + "; choose a divisor");
    }
    this.keys = keys;
    this.operationsInWindow = operationsInWindow;
  }

  @Override
  public String name() {
    return "scan";
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
  public int keyAt(int at) {
    return at;
  }

  @Override
  public int operationsInWindow() {
    return operationsInWindow;
  }

  @Override
  public int windowsInPeriod() {
    return keys / operationsInWindow;
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      operations[i] = Operations.of(Operations.READ, position);
      position = position + 1 == keys ? 0 : position + 1;
    }
  }
}
