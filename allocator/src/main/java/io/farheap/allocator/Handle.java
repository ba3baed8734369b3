package io.farheap.allocator;

/**
 * Codec of a handle: what an application or a far object keeps to name an object.
 *
 * <pre>
 *  63            24 23          0
 * +----------------+-------------+
 * |  record index  | generation  |
 * +----------------+-------------+
 * </pre>
 *
 * Handle 0 names nothing: record 0 is never given out and no generation is 0.
 */
public final class Handle {
  /** The handle that names nothing. */
  public static final long NULL = 0;

  static final int GENERATION_BITS = OwnerWord.GENERATION_BITS;
  static final int INDEX_BITS = 40;

  private static final long GENERATION_MASK = (1L << GENERATION_BITS) - 1;

  private Handle() {}

  /** A handle. */
  public static long of(long index, long generation) {
    return (index << GENERATION_BITS) | generation;
  }

  /** Index of the pointer record. */
  public static long index(long handle) {
    return handle >>> GENERATION_BITS;
  }

  /** Generation that the record must have. */
  public static long generation(long handle) {
    return handle & GENERATION_MASK;
  }
}
