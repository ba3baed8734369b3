package io.farheap.jmh.work;

/** Every small object in the order of allocation, over and over. */
public final class Scan extends Workload {

  private int position;

  /**
   * Starts a stream.
   *
   * @param keys how many, a multiple of {@code operationsInWindow}
   * @param operationsInWindow operations of a window
   */
  public Scan(int keys, int operationsInWindow) {
    super("scan", keys, operationsInWindow, keys / operationsInWindow);
    if (keys % operationsInWindow != 0) {
      throw new IllegalArgumentException(
          keys + " keys are not whole windows of " + operationsInWindow + "; choose a divisor");
    }
  }

  @Override
  public int bytes(int key, int generation) {
    return ObjectSizes.small(key, generation);
  }

  @Override
  public void next(int[] operations) {
    for (int i = 0; i < operations.length; i++) {
      operations[i] = Operations.of(Operations.READ, position);
      position = position + 1 == keys() ? 0 : position + 1;
    }
  }
}
