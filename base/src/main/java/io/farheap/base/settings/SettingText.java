package io.farheap.base.settings;

import io.farheap.base.text.ByteSize;
import io.farheap.base.text.TimeSpan;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A value as somebody wrote it, and where. Each method reads it as what it is to be, and throws
 * {@link SettingException} if it is not that.
 *
 * @param key which setting
 * @param text its value
 * @param origin where it stands: file and line, variable, option or program
 */
public record SettingText(String key, String text, String origin) {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

  /** A size in bytes from {@code min} to {@code max}. */
  public long bytes(long min, long max) {
    String range = " from " + ByteSize.format(min) + " to " + ByteSize.format(max);
    try {
      return inRange(ByteSize.parse(text), min, max, ByteSize.FORM + range);
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw wrong(ByteSize.FORM + range, e);
    }
  }

  /** A size in bytes that is a power of two, from {@code min} to {@code max}. */
  public long powerOfTwoBytes(long min, long max) {
    long number = bytes(min, max);
    if (Long.bitCount(number) != 1) {
      throw wrong(
          ByteSize.FORM
              + ", a power of two from "
              + ByteSize.format(min)
              + " to "
              + ByteSize.format(max));
    }
    return number;
  }

  /** A span of time in nanoseconds, from {@code min} to {@code max}. */
  public long nanos(long min, long max) {
    String range = " from " + TimeSpan.format(min) + " to " + TimeSpan.format(max);
    try {
      return inRange(TimeSpan.parseNanos(text), min, max, TimeSpan.FORM + range);
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw wrong(TimeSpan.FORM + range, e);
    }
  }

  /** A whole number from {@code min} to {@code max}. */
  public long integer(long min, long max) {
    String allowed = "a whole number from " + min + " to " + max;
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      throw wrong(allowed);
    }
    try {
      return inRange(Long.parseLong(text), min, max, allowed);
    } catch (NumberFormatException e) {
      throw wrong(allowed, e);
    }
  }

  /** A number from 0 to {@code max}. */
  public double real(double max) {
    double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!(number <= max)) {
      throw wrong("a number such as 0.125 from 0 to " + max);
    }
    return number;
  }

  /** Whether it is {@code true}; otherwise it must be {@code false}. */
  public boolean flag() {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("true or false");
    };
  }

  /** A path of a file or folder. */
  public Path path() {
    if (text.isEmpty()) {
      throw wrong("a path");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw wrong("a path", e);
    }
  }

  /** A name of small letters, digits and hyphens. */
  public String name() {
    if (!NAME.matcher(text).matches()) {
      throw wrong("a name");
    }
    return text;
  }

  private long inRange(long number, long min, long max, String allowed) {
    if (number < min || number > max) {
      throw wrong(allowed);
    }
    return number;
  }

  /**
   * What to throw if the value is not what it should be.
   *
   * @param allowed what would be accepted
   */
  public SettingException wrong(String allowed) {
    return wrong(allowed, null);
  }

  /**
   * What to throw if the value is not what it should be, and something says why.
   *
   * @param allowed what would be accepted
   * @param cause what says why
   */
  public SettingException wrong(String allowed, Throwable cause) {
    return new SettingException(origin, key, text, allowed, cause);
  }
}
