package io.farheap.jmh.zipf;

import io.farheap.layout.Length;
import io.farheap.layout.RecordLayout;

/**
 * The 256-byte object of the zipf benchmark. Its words are unlike any other object's and add up to
 * a number that follows from its index, so that wrong bytes are noticed.
 *
 * @param words the content
 */
@SuppressWarnings("ArrayRecordComponent") // all words of an object, to be filled in place
public record ZipfItem(@Length(WORDS) long[] words) {
  /** Words of an object. */
  public static final int WORDS = 32;

  /** Bytes of an object. */
  static final int BYTES = WORDS * Long.BYTES;

  static final RecordLayout<ZipfItem> LAYOUT = RecordLayout.of(ZipfItem.class);

  private static final long ODD = 0x9E37_79B9_7F4A_7C15L;

  /** What an object's words add up to. */
  static long sum(int index) {
    return (index + 1) * ODD;
  }

  /** Fills an array with an object's words. */
  static void fill(long[] words, int index) {
    long rest = sum(index);
    for (int k = 0; k < WORDS - 1; k++) {
      long mixed = ((long) index * WORDS + k) * ODD;
      words[k] = mixed ^ (mixed >>> 29);
      rest -= words[k];
    }
    words[WORDS - 1] = rest;
  }
}
