package io.farheap.allocator;

/**
 * Codec of a handle: what an application or a far object keeps to name an object.
 *
 * <pre>
 *  63          40 39             0
 * +--------------+----------------+
 * |  generation  |  record index  |
 * +--------------+----------------+
 * </pre>
 *
 * The generation is where {@link OwnerWord} has it, so that comparing the two is one exclusive or.
 *
 * <p>Handle 0 names nothing: record 0 is never given out and no generation is 0.
 */
public final class Handle {
  /** The handle that names nothing. */
  public static final long NULL = 0;

  static final int GENERATION_BITS = OwnerWord.GENERATION_BITS;
  static final int INDEX_BITS = 40;

  private static final int ABOVE_INDEX = Long.SIZE - INDEX_BITS;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  private Handle() {}

  /** A handle. */
  public static long of(long index, long generation) {
    return (generation << INDEX_BITS) | index;
  }

  /** Index of the pointer record. */
  public static long index(long handle) {
    return handle & INDEX_MASK;
  }

  /** Byte offset of the pointer record in the record table. */
  public static long recordOffset(long handle) {
    return (handle << ABOVE_INDEX) >>> (ABOVE_INDEX - RecordTable.RECORD_SHIFT);
  }

  /** Generation that the record must have. */
  public static long generation(long handle) {
    return handle >>> INDEX_BITS;
  }

  /** Whether the generations of a handle and of a record's owner word are the same. */
  public static boolean sameGeneration(long handle, long ownerWord) {
    return (handle ^ ownerWord) >>> INDEX_BITS == 0;
  }
}
