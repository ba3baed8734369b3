package io.farheap.apps.random;

/**
 * Scatters the numbers below a count over themselves, so that neighbours have nothing in common: a
 * permutation of a power of two, since each of its steps can be undone, walked until it comes below
 * the count. Immutable.
 */
public final class Permutation {
  private static final int FIRST_ODD = 0x9E37_79B1;
  private static final int SECOND_ODD = 0x85EB_CA6B;

  private final int count;
  private final int mask;
  private final int half;

  /**
   * Makes the permutation of so many numbers.
   *
   * @param count how many, at least 1
   */
  public Permutation(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " numbers; want at least 1");
    }
    int bits = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
    this.count = count;
    this.mask = (1 << bits) - 1;
    this.half = (bits + 1) / 2;
  }

  /** What a number, from 0 and below the count, becomes. */
  public int of(int number) {
    int mixed = number;
    do {
      mixed = (mixed * FIRST_ODD) & mask;
      mixed ^= mixed >>> half;
      mixed = (mixed * SECOND_ODD) & mask;
      mixed ^= mixed >>> half;
    } while (mixed >= count);
    return mixed;
  }
}
