package io.farheap.options;

import io.farheap.base.text.ByteSize;
import io.farheap.base.text.TimeSpan;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the text of a setting is read and written. Every setting is held as one {@code long}, whose
 * meaning its kind says; a mode and a locator stay text.
 */
enum HeapOptionsKind {
  /** A size in bytes. */
  SIZE(ByteSize.FORM),
  /** A size in bytes, or a percentage of the memory that this process may use. */
  MEMORY(ByteSize.FORM + ", or a percentage of this process's memory such as 25%"),
  /** A span of time in nanoseconds. */
  DURATION(TimeSpan.FORM),
  /** A percentage in millionths of the whole. */
  PERCENT("a percentage such as 4% or 2.5%"),
  /** 0 or 1. */
  FLAG("true or false"),
  /** A whole number. */
  INTEGER("a whole number"),
  /** The name of a {@link Mode}; its number is 0. */
  MODE("HYBRID, PAGING_ONLY or OBJECT_ONLY"),
  /** The address of a transport; its number is 0. */
  LOCATOR("a scheme and what belongs to it, such as embedded: or tcp://host:7070");

  /** Millionths in one percent. */
  static final long MILLIONTHS_PER_PERCENT = 10_000;

  static final long MILLIONTHS = 100 * MILLIONTHS_PER_PERCENT;

  private static final Pattern PERCENTAGE = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,4})?\\s*%");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern MODE_TEXT =
      Pattern.compile(
          Arrays.stream(Mode.values()).map(Mode::name).collect(Collectors.joining("|")));
  private static final Pattern LOCATOR_TEXT = Pattern.compile("[a-z][a-z0-9+.-]*:\\S*");

  private final String form;

  HeapOptionsKind(String form) {
    this.form = form;
  }

  /** What a value of this kind looks like, for messages. */
  String form() {
    return form;
  }

  /**
   * Reads a value, without looking at its range.
   *
   * @param text the value as it was written
   * @param memoryBytes what a percentage of memory is a percentage of
   * @return the value as this kind holds it
   * @throws IllegalArgumentException if the text is no value of this kind
   */
  long parse(String text, long memoryBytes) {
    String trimmed = text.strip();
    return switch (this) {
      case SIZE -> ByteSize.parse(trimmed);
      case MEMORY ->
          trimmed.endsWith("%") ? share(memoryBytes, percentage(trimmed)) : ByteSize.parse(trimmed);
      case DURATION -> TimeSpan.parseNanos(trimmed);
      case PERCENT -> percentage(trimmed);
      case FLAG -> flag(trimmed);
      case INTEGER -> {
        require(WHOLE_NUMBER.matcher(trimmed).matches());
        yield Long.parseLong(trimmed);
      }
      case MODE -> {
        require(MODE_TEXT.matcher(modeName(trimmed)).matches());
        yield 0;
      }
      case LOCATOR -> {
        require(LOCATOR_TEXT.matcher(trimmed).matches());
        yield 0;
      }
    };
  }

  /**
   * Writes a value as everybody writes it.
   *
   * @param text the value as it was written; {@link #parse} read it
   * @param number what that returned
   * @return text that {@link #parse} reads as the same value
   */
  String canonical(String text, long number) {
    return switch (this) {
      case MODE -> modeName(text.strip());
      case LOCATOR -> text.strip();
      default -> format(number);
    };
  }

  /** Writes a number exactly, so that {@link #parse} reads it back; for kinds that have numbers. */
  String format(long number) {
    return switch (this) {
      case SIZE, MEMORY -> ByteSize.format(number);
      case DURATION -> TimeSpan.format(number);
      case PERCENT ->
          BigDecimal.valueOf(number)
                  .divide(BigDecimal.valueOf(MILLIONTHS_PER_PERCENT))
                  .stripTrailingZeros()
                  .toPlainString()
              + "%";
      case FLAG -> Boolean.toString(number != 0);
      case INTEGER -> Long.toString(number);
      case MODE, LOCATOR -> throw new IllegalStateException(this + " has no number");
    };
  }

  /** A share of a whole, rounded down; both may be as large as a {@code long}. */
  static long share(long whole, long millionths) {
    return whole / MILLIONTHS * millionths + whole % MILLIONTHS * millionths / MILLIONTHS;
  }

  private long percentage(String trimmed) {
    require(PERCENTAGE.matcher(trimmed).matches());
    String number = trimmed.substring(0, trimmed.length() - 1).strip();
    long millionths =
        new BigDecimal(number)
            .multiply(BigDecimal.valueOf(MILLIONTHS_PER_PERCENT))
            .longValueExact();
    require(millionths <= MILLIONTHS);
    return millionths;
  }

  private long flag(String trimmed) {
    boolean on = trimmed.equalsIgnoreCase("true");
    require(on || trimmed.equalsIgnoreCase("false"));
    return on ? 1 : 0;
  }

  private static String modeName(String trimmed) {
    return trimmed.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not " + form);
    }
  }
}
