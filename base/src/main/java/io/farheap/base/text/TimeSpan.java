package io.farheap.base.text;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 5s}, {@code 200ms}, {@code 1.5h}. */
public final class TimeSpan {
  /** What {@link #parseNanos} accepts, for messages. */
  public static final String FORM = "a span of time with its unit, such as 200ms or 5s";

  /** Longer text is no span; the bound keeps decimal arithmetic short. */
  private static final int MAX_TEXT_LENGTH = 32;

  private static final Pattern SPAN =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ns|us|\u00b5s|ms|s|min|m|h)");

  private static final String[] UNITS = {"h", "min", "s", "ms", "us", "ns"};
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private TimeSpan() {}

  /**
   * Reads a span of time. The unit is required, so that nobody has to guess it.
   *
   * @param text digits, perhaps with a fraction, and one of {@code ns}, {@code us}, {@code ms},
   *     {@code s}, {@code min} (or {@code m}), {@code h}
   * @return nanoseconds, at least 0
   * @throws IllegalArgumentException if the text is no span, is no whole number of nanoseconds or
   *     doesn't fit a {@code long}; the message says why
   */
  public static long parseNanos(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    Matcher matcher = SPAN.matcher(trimmed);
    if (trimmed.length() > MAX_TEXT_LENGTH || !matcher.matches()) {
      throw new IllegalArgumentException("not " + FORM);
    }
    BigDecimal nanos =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNanos(matcher.group(2))));
    if (nanos.compareTo(MAX_NANOS) > 0) {
      throw new IllegalArgumentException("longer than " + Long.MAX_VALUE + " nanoseconds");
    }
    try {
      return nanos.longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("not a whole number of nanoseconds", e);
    }
  }

  /**
   * Writes a span exactly, with the largest unit that divides it; {@link #parseNanos} reads it
   * back.
   *
   * @param spanNanos nanoseconds, at least 0
   * @return such as {@code 200ms}
   */
  public static String format(long spanNanos) {
    for (String unit : UNITS) {
      long unitNanos = unitNanos(unit);
      if (spanNanos != 0 && spanNanos % unitNanos == 0) {
        return spanNanos / unitNanos + unit;
      }
    }
    return spanNanos + "ns";
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us", "\u00b5s" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "min", "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw new IllegalArgumentException("unit \"" + unit + "\" is not one of ours");
    };
  }
}
