package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Unsigned numbers of 64 bits as decimal text, read as C's strtoull reads them. */
final class Numbers {
  private static final long MOST_TENTH = Long.divideUnsigned(-1L, 10);

  private boolean valid;
  private long value;

  private Numbers() {}

  /** What a text says. */
  static Numbers parse(MemorySegment base, long offset, int lengthBytes) {
    Numbers number = new Numbers();
    number.valid = number.read(base, offset, offset + lengthBytes);
    return number;
  }

  /** Whether it is a number, perhaps between blanks. */
  boolean isValid() {
    return valid;
  }

  long value() {
    return value;
  }

  private boolean read(MemorySegment base, long offset, long end) {
    long at = offset;
    while (at < end && isSpace(byteAt(base, at))) {
      at++;
    }
    boolean negative = at < end && byteAt(base, at) == '-';
    if (negative || (at < end && byteAt(base, at) == '+')) {
      at++;
    }
    long digitsFrom = at;
    while (at < end) {
      int digit = byteAt(base, at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      if (Long.compareUnsigned(value, MOST_TENTH) > 0) {
        return false;
      }
      long tenfold = value * 10;
      value = tenfold + digit;
      if (Long.compareUnsigned(value, tenfold) < 0) {
        return false;
      }
      at++;
    }
    if (at == digitsFrom || (at < end && !isSpace(byteAt(base, at)))) {
      return false;
    }
    if (negative) {
      value = -value;
      return value >= 0;
    }
    return true;
  }

  private static int byteAt(MemorySegment base, long at) {
    return base.get(ValueLayout.JAVA_BYTE, at);
  }

  private static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** A number as text. */
  static byte[] text(long value) {
    return Long.toUnsignedString(value).getBytes(StandardCharsets.US_ASCII);
  }
}
