package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;

/**
 * The eight bytes before every object's body in the log.
 *
 * <pre>
 *  63            24 23         0
 * +----------------+------------+------------ - -
 * |  record index  |   length   |  body ...
 * +----------------+------------+------------ - -
 * </pre>
 *
 * Objects start on 16 bytes, so that no card belongs to two. The length is the body's, in bytes; a
 * header of zeros ends a page. Whether the object still lives here is for its record to say.
 */
public final class ObjectHeader {
  /** Bytes of a header. */
  public static final int BYTES = 8;

  /** Alignment of an object's start. */
  public static final int ALIGNMENT = 1 << PlaceWord.ALIGNMENT_SHIFT;

  /** Largest body that shares a page with others or fills one. */
  public static final int MAX_SMALL_BODY = PageWord.PAGE_BYTES - BYTES;

  static final int LENGTH_BITS = 24;

  private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

  private ObjectHeader() {}

  /** Bytes that an object takes in the log: header, body, padding. */
  public static int footprint(int bodyBytes) {
    return (bodyBytes + BYTES + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Bytes of far address space that an object takes: its footprint if it shares a page with others,
   * otherwise whole pages.
   *
   * @throws IllegalArgumentException if the length is negative
   */
  public static long farBytes(long bodyBytes) {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("an object of " + bodyBytes + " bytes");
    }
    long unit = bodyBytes <= MAX_SMALL_BODY ? ALIGNMENT : PageWord.PAGE_BYTES;
    return (bodyBytes + BYTES + unit - 1) & -unit;
  }

  /** Pages of the run that a large object takes. */
  public static int runPages(int bodyBytes) {
    return (bodyBytes + BYTES + PageWord.PAGE_BYTES - 1) >>> PageWord.PAGE_SHIFT;
  }

  /** Writes a header. */
  public static void write(long rawAddress, long recordIndex, int bodyBytes) {
    NativeMemory.putLong(rawAddress, (recordIndex << LENGTH_BITS) | bodyBytes);
  }

  /** Loads a header. */
  public static long load(long rawAddress) {
    return NativeMemory.getLong(rawAddress);
  }

  /** Index of the object's record. */
  public static long recordIndex(long header) {
    return header >>> LENGTH_BITS;
  }

  /** Length of the body in bytes. */
  public static int bodyBytes(long header) {
    return (int) (header & LENGTH_MASK);
  }
}
