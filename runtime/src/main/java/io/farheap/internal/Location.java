package io.farheap.internal;

import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageWord;

/**
 * Codec of what a dereference answers: where an object's body is in the frame pool, and its size.
 * Both come from one reading of the pointer record, so that they belong together.
 *
 * <pre>
 *  63                 21 20          0
 * +---------------------+-------------+
 * |  offset in the pool |    size     |
 * +---------------------+-------------+
 * </pre>
 */
public final class Location {
  private static final int SIZE_BITS = 21;
  private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;

  static {
    if (OwnerWord.MAX_SIZE > SIZE_MASK) {
      throw new AssertionError("sizes of up to " + OwnerWord.MAX_SIZE + " do not fit");
    }
  }

  private Location() {}

  static long of(long poolOffset, int sizeBytes) {
    return (poolOffset << SIZE_BITS) | sizeBytes;
  }

  /** Offset of the body's first byte in the frame pool. */
  public static long poolOffset(long location) {
    return location >>> SIZE_BITS;
  }

  /** Size of the body in bytes. */
  public static int size(long location) {
    return (int) (location & SIZE_MASK);
  }

  /** Frame of the body's first byte: the one that stands for the whole object. */
  static int frame(long location) {
    return (int) (location >>> (SIZE_BITS + PageWord.PAGE_SHIFT));
  }
}
