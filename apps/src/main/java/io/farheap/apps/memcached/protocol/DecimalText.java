package io.farheap.apps.memcached.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Reads decimal numbers as memcached does, which is as C's {@code strtoll} and {@code strtoull} do:
 * white space before and after a number is allowed, a number of more than 64 bits is none, and one
 * of more than 32 bits loses its upper ones where 32 are asked for.
 *
 * <p>The object holds the last number, so that reading one allocates nothing.
 */
public final class DecimalText {
  private static final long MAX_BEFORE_DIGIT = Long.divideUnsigned(-1L, 10);
  private static final long MAX_LAST_DIGIT = Long.remainderUnsigned(-1L, 10);

  private long value;
  private boolean negative;

  /** Creates a reader that holds 0. */
  public DecimalText() {}

  /**
   * Reads a signed number.
   *
   * @param base where the text is
   * @param from its first byte
   * @param to the byte after its last
   * @return whether it is a number; then {@link #value()} has it
   */
  public boolean readSigned(MemorySegment base, long from, long to) {
    if (!readMagnitude(base, from, to)) {
      return false;
    }
    if (value < 0 && !(negative && value == Long.MIN_VALUE)) {
      return false;
    }
    if (negative) {
      value = -value;
    }
    return true;
  }

  /**
   * Reads an unsigned number.
   *
   * @param base where the text is
   * @param from its first byte
   * @param to the byte after its last
   * @return whether it is a number; then {@link #value()} has it
   */
  public boolean readUnsigned(MemorySegment base, long from, long to) {
    if (!readMagnitude(base, from, to)) {
      return false;
    }
    if (negative) {
      value = -value;
      return value >= 0;
    }
    return true;
  }

  /** The last number that was read; its 64 bits are unsigned if it was read so. */
  public long value() {
    return value;
  }

  private boolean readMagnitude(MemorySegment base, long from, long to) {
    value = 0;
    negative = false;
    long at = from;
    while (at < to && isSpace(base.get(ValueLayout.JAVA_BYTE, at))) {
      at++;
    }
    if (at < to) {
      byte sign = base.get(ValueLayout.JAVA_BYTE, at);
      if (sign == '-' || sign == '+') {
        negative = sign == '-';
        at++;
      }
    }
    long firstDigit = at;
    long number = 0;
    while (at < to) {
      int digit = base.get(ValueLayout.JAVA_BYTE, at) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      int order = Long.compareUnsigned(number, MAX_BEFORE_DIGIT);
      if (order > 0 || (order == 0 && digit > MAX_LAST_DIGIT)) {
        return false;
      }
      number = number * 10 + digit;
      at++;
    }
    value = number;
    return at > firstDigit && (at == to || isSpace(base.get(ValueLayout.JAVA_BYTE, at)));
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }
}
