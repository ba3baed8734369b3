package io.farheap.base.text;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes in bytes as people write them: {@code 4096}, {@code 512MiB}, {@code 1.5g}.
 *
 * <p>Units are powers of 1024; a single letter means the same as the full unit, as in the JVM's
 * flags. Decimal units ({@code MB}) are refused, since half of their users mean {@code MiB}.
 */
public final class ByteSize {
  /** What {@link #parse} accepts, for messages. */
  public static final String FORM = "a size such as 512MiB or 4GiB";

  /** Longer text is no size; the bound keeps decimal arithmetic short. */
  private static final int MAX_TEXT_LENGTH = 32;

  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(?:([kmgt])(?:ib)?|(b))?");

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final int UNIT_SHIFT = 10;
  private static final BigDecimal MAX_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);

  private ByteSize() {}

  /**
   * Reads a size.
   *
   * @param text digits, perhaps with a fraction, and perhaps one of {@code B}, {@code KiB}, {@code
   *     MiB}, {@code GiB}, {@code TiB}, {@code k}, {@code m}, {@code g}, {@code t} in either case
   * @return bytes, at least 0
   * @throws IllegalArgumentException if the text is no size, is no whole number of bytes or doesn't
   *     fit a {@code long}; the message says why
   */
  public static long parse(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    Matcher matcher = SIZE.matcher(trimmed);
    if (trimmed.length() > MAX_TEXT_LENGTH || !matcher.matches()) {
      throw new IllegalArgumentException("not " + FORM);
    }
    int power = matcher.group(2) == null ? 0 : "bkmgt".indexOf(matcher.group(2));
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << (power * UNIT_SHIFT)));
    if (bytes.compareTo(MAX_BYTES) > 0) {
      throw new IllegalArgumentException("larger than " + Long.MAX_VALUE + " bytes");
    }
    try {
      return bytes.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("not a whole number of bytes", e);
    }
  }

  /**
   * Writes a size exactly, with the largest unit that divides it; {@link #parse} reads it back.
   *
   * @param lengthBytes bytes, at least 0
   * @return such as {@code 512MiB}
   */
  public static String format(long lengthBytes) {
    int power =
        lengthBytes == 0
            ? 0
            : Math.min(UNITS.length - 1, Long.numberOfTrailingZeros(lengthBytes) / UNIT_SHIFT);
    return (lengthBytes >> (power * UNIT_SHIFT)) + UNITS[power];
  }

  /**
   * Writes a size for people: the unit that keeps the number below 1024, and a decimal where there
   * is one.
   *
   * @param lengthBytes bytes
   * @return such as {@code 3.9 GiB} or {@code 4 GiB}
   */
  public static String text(long lengthBytes) {
    double value = (double) lengthBytes;
    int power = 0;
    while (power < UNITS.length - 1 && Math.abs(value) >= 1 << UNIT_SHIFT) {
      value /= 1 << UNIT_SHIFT;
      power++;
    }
    String format = value == Math.rint(value) ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[power]);
  }
}
