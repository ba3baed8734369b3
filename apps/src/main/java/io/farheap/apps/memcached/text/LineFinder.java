package io.farheap.apps.memcached.text;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Looks for the ends of lines, eight bytes at a time. */
public final class LineFinder {
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = ONES << (Byte.SIZE - 1);
  private static final long LINE_ENDS = ONES * '\n';
  private static final MemorySegment ALL = NativeMemory.ALL;

  private LineFinder() {}

  /**
   * Finds a line's end.
   *
   * @param from raw address of the first byte to look at
   * @param to raw address behind the last
   * @return raw address of the first line feed; -1 if there is none
   */
  public static long find(long from, long to) {
    long at = from;
    while (to - at >= Long.BYTES) {
      long difference = ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, at) ^ LINE_ENDS;
      if ((difference - ONES & ~difference & HIGHS) != 0) {
        break;
      }
      at += Long.BYTES;
    }
    while (at < to) {
      if (ALL.get(ValueLayout.JAVA_BYTE, at) == '\n') {
        return at;
      }
      at++;
    }
    return -1;
  }

  /** Whether the two bytes at a raw address end a line, as those behind a value have to. */
  static boolean isLineEnd(long at) {
    return ALL.get(ValueLayout.JAVA_BYTE, at) == '\r'
        && ALL.get(ValueLayout.JAVA_BYTE, at + 1) == '\n';
  }
}
