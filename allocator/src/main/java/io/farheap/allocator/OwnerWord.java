package io.farheap.allocator;

/**
 * Codec of the second word of a pointer record: whose the object is.
 *
 * <pre>
 *  63        40 39      21 20       0
 * +------------+----------+----------+
 * | generation |  owners  |   size   |
 * +------------+----------+----------+
 * </pre>
 *
 * In a free record the low 40 bits hold the index of the next free record instead.
 */
public final class OwnerWord {
  static final int SIZE_BITS = 21;
  static final int OWNERS_SHIFT = SIZE_BITS;
  static final int OWNERS_BITS = 19;
  static final int GENERATION_SHIFT = OWNERS_SHIFT + OWNERS_BITS;
  static final int GENERATION_BITS = 24;

  private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;
  private static final long OWNERS_MASK = (1L << OWNERS_BITS) - 1;
  private static final long OWNER_ONE = 1L << OWNERS_SHIFT;
  private static final long NEXT_MASK = (1L << GENERATION_SHIFT) - 1;

  /** Largest size in bytes that fits. */
  public static final int MAX_SIZE = (int) SIZE_MASK;

  /** Most owners of one object. */
  public static final int MAX_OWNERS = (int) OWNERS_MASK;

  /** Last generation of a record; it is retired afterwards. */
  public static final int MAX_GENERATION = (1 << GENERATION_BITS) - 1;

  private OwnerWord() {}

  /** Generation of the record. */
  public static long generation(long ownerWord) {
    return ownerWord >>> GENERATION_SHIFT;
  }

  /** Owner count. */
  public static int owners(long ownerWord) {
    return (int) ((ownerWord >>> OWNERS_SHIFT) & OWNERS_MASK);
  }

  /** Size of the object's body in bytes. */
  public static int size(long ownerWord) {
    return (int) (ownerWord & SIZE_MASK);
  }

  /** The word of a live object. */
  static long live(long generation, int owners, int size) {
    return (generation << GENERATION_SHIFT) | ((long) owners << OWNERS_SHIFT) | size;
  }

  /** The word of a free record. */
  static long free(long generation, long nextIndex) {
    return (generation << GENERATION_SHIFT) | nextIndex;
  }

  /** Index of the next free record. */
  static long nextFree(long ownerWord) {
    return ownerWord & NEXT_MASK;
  }

  /** One more owner; the caller checked for overflow. */
  static long withOwnerAdded(long ownerWord) {
    return ownerWord + OWNER_ONE;
  }

  /** One owner fewer; the caller checked that there is one. */
  static long withOwnerRemoved(long ownerWord) {
    return ownerWord - OWNER_ONE;
  }
}
