package io.farheap.allocator;

/**
 * Codec of the first word of a pointer record: where the object is.
 *
 * <pre>
 *  63                  20 19      2   1      0
 * +----------------------+---------+--------+---+
 * |  far address / 16    | version | access | - |
 * +----------------------+---------+--------+---+
 * </pre>
 *
 * Far address 0 means that there is no object. The version changes with every relocation, free and
 * publication. The access bit is a hint: set means that the object's cards are marked.
 */
public final class PlaceWord {
  static final int ACCESS_SHIFT = 1;
  static final int VERSION_SHIFT = ACCESS_SHIFT + 1;
  static final int VERSION_BITS = 18;
  static final int ADDRESS_SHIFT = VERSION_SHIFT + VERSION_BITS;
  static final int ADDRESS_BITS = 44;

  /** Base-2 logarithm of an object's alignment. */
  static final int ALIGNMENT_SHIFT = 4;

  private static final long ACCESS = 1L << ACCESS_SHIFT;
  private static final long VERSION_MASK = ((1L << VERSION_BITS) - 1) << VERSION_SHIFT;
  private static final long VERSION_ONE = 1L << VERSION_SHIFT;
  private static final int PAGE_OF_SHIFT = ADDRESS_SHIFT + PageWord.PAGE_SHIFT - ALIGNMENT_SHIFT;
  private static final int BYTE_SHIFT = ADDRESS_SHIFT - ALIGNMENT_SHIFT;
  private static final long IN_PAGE_MASK = PageWord.PAGE_BYTES - (1L << ALIGNMENT_SHIFT);
  private static final long ALIGN_MASK = -(1L << ALIGNMENT_SHIFT);

  private PlaceWord() {}

  /** Far address of the object's header; 0 if there is none. */
  public static long farAddress(long placeWord) {
    return (placeWord >>> BYTE_SHIFT) & ALIGN_MASK;
  }

  /** Page of the object's header. */
  public static long page(long placeWord) {
    return placeWord >>> PAGE_OF_SHIFT;
  }

  /** Byte offset of the object's header in its page. */
  public static long offsetInPage(long placeWord) {
    return (placeWord >>> BYTE_SHIFT) & IN_PAGE_MASK;
  }

  /** Whether there is no object. */
  public static boolean isNull(long placeWord) {
    return (placeWord >>> ADDRESS_SHIFT) == 0;
  }

  /** The access bit. */
  public static boolean accessed(long placeWord) {
    return (placeWord & ACCESS) != 0;
  }

  /** The word with the access bit set. */
  public static long withAccess(long placeWord) {
    return placeWord | ACCESS;
  }

  /** The word with the access bit clear. */
  public static long withoutAccess(long placeWord) {
    return placeWord & ~ACCESS;
  }

  /** Whether two loads of a word differ in the access bit at most. */
  public static boolean same(long placeWord, long other) {
    return ((placeWord ^ other) & ~ACCESS) == 0;
  }

  /** The version, 18 bits. */
  public static long version(long placeWord) {
    return (placeWord & VERSION_MASK) >>> VERSION_SHIFT;
  }

  /**
   * The next word of a record: another place, the version raised by one.
   *
   * @param previous word now
   * @param farAddress multiple of 16, or 0 for none
   * @param access whether the cards of the new place are marked
   */
  public static long next(long previous, long farAddress, boolean access) {
    return (farAddress << BYTE_SHIFT)
        | ((previous + VERSION_ONE) & VERSION_MASK)
        | (access ? ACCESS : 0);
  }
}
