package io.farheap.allocator;

/**
 * A far address: a byte offset in far address space.
 *
 * <pre>
 *  63   48 47                12 11          0
 * +-------+--------------------+-------------+
 * |   0   |        page        |   offset    |
 * +-------+--------------------+-------------+
 * </pre>
 */
public final class FarAddress {
  private static final long OFFSET_MASK = PageWord.PAGE_BYTES - 1;

  private FarAddress() {}

  /** Address of a page's first byte. */
  public static long ofPage(long page) {
    return page << PageWord.PAGE_SHIFT;
  }

  /** Page of an address. */
  public static long page(long farAddress) {
    return farAddress >>> PageWord.PAGE_SHIFT;
  }

  /** Byte offset of an address in its page. */
  public static int offsetInPage(long farAddress) {
    return (int) (farAddress & OFFSET_MASK);
  }
}
