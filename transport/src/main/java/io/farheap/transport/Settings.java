package io.farheap.transport;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code key=value} settings of a locator, read by type. Immutable. */
public final class Settings {
  private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]*");
  private static final Pattern QUANTITY =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([a-zA-Z]*)");
  private static final Map<String, Long> BYTE_UNITS =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
  private static final Map<String, Long> NANO_UNITS =
      Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);

  private final String scheme;
  private final Map<String, String> values;

  private Settings(String scheme, Map<String, String> values) {
    this.scheme = scheme;
    this.values = values;
  }

  /**
   * Parses {@code key=value&key=value}.
   *
   * @param scheme the locator's scheme, named in errors
   * @param text the settings; may be empty
   * @return the settings
   * @throws LocatorException if one is not {@code key=value}, or a key is given twice
   */
  static Settings parse(String scheme, String text) {
    Map<String, String> values = new LinkedHashMap<>();
    if (!text.isEmpty()) {
      for (String setting : text.split("&", -1)) {
        int equals = setting.indexOf('=');
        String key = equals < 0 ? setting : setting.substring(0, equals);
        if (equals < 0 || !KEY.matcher(key).matches()) {
          throw new LocatorException(
              scheme + ": setting '" + setting + "' is not key=value; separate settings by &");
        }
        if (values.put(key, setting.substring(equals + 1)) != null) {
          throw new LocatorException(scheme + ": setting " + key + " is given twice; keep one");
        }
      }
    }
    return new Settings(scheme, Collections.unmodifiableMap(values));
  }

  /**
   * All settings, in the order in which they were given.
   *
   * @return an unmodifiable map
   */
  public Map<String, String> asMap() {
    return values;
  }

  /**
   * Refuses keys that nobody reads, since a misspelt setting must not go unnoticed.
   *
   * @param known the keys that are read
   * @throws LocatorException if there is another key
   */
  public void requireOnly(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new LocatorException(
            scheme + ": unknown setting " + key + "; there are " + new TreeSet<>(known));
      }
    }
  }

  /**
   * A number of bytes: {@code 4096}, {@code 64MiB}, {@code 1.5GiB}.
   *
   * @param key the setting
   * @param otherwise the value if it is not given
   * @param min least allowed value
   * @param max greatest allowed value
   * @return bytes
   * @throws LocatorException if it is no size, or out of range
   */
  public long bytes(String key, long otherwise, long min, long max) {
    return quantity(key, otherwise, min, max, BYTE_UNITS, "a size, for example 64MiB");
  }

  /**
   * A number of bytes that is a power of two: {@code 64MiB}.
   *
   * @param key the setting
   * @param otherwise the value if it is not given
   * @param min least allowed value
   * @param max greatest allowed value
   * @return bytes
   * @throws LocatorException if it is no size, no power of two, or out of range
   */
  public long powerOfTwoBytes(String key, long otherwise, long min, long max) {
    long number = bytes(key, otherwise, min, max);
    if (Long.bitCount(number) != 1) {
      throw wrong(key, String.valueOf(values.get(key)), "is not a power of two");
    }
    return number;
  }

  /**
   * A duration: {@code 5us}, {@code 1.5ms}.
   *
   * @param key the setting
   * @param otherwise the value if it is not given, in nanoseconds
   * @param max greatest allowed value in nanoseconds; the least is 0
   * @return nanoseconds
   * @throws LocatorException if it is no duration, or out of range
   */
  public long nanos(String key, long otherwise, long max) {
    return quantity(
        key, otherwise, 0, max, NANO_UNITS, "a duration in ns, us, ms or s, for example 5us");
  }

  /**
   * A whole number.
   *
   * @param key the setting
   * @param otherwise the value if it is not given
   * @param min least allowed value
   * @param max greatest allowed value
   * @return the number
   * @throws LocatorException if it is no whole number, or out of range
   */
  public long integer(String key, long otherwise, long min, long max) {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return inRange(key, value, Long.parseLong(value), min, max);
    } catch (NumberFormatException e) {
      throw wrong(key, value, "is not a whole number");
    }
  }

  /**
   * A real number from 0.
   *
   * @param key the setting
   * @param otherwise the value if it is not given
   * @param max greatest allowed value
   * @return the number
   * @throws LocatorException if it is no number, or out of range
   */
  public double real(String key, double otherwise, double max) {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = QUANTITY.matcher(value);
    if (!matcher.matches() || !matcher.group(2).isEmpty()) {
      throw wrong(key, value, "is not a number, for example 0.125");
    }
    double number = Double.parseDouble(value);
    if (number > max) {
      throw wrong(key, value, "is out of range: choose 0 to " + max);
    }
    return number;
  }

  /**
   * A switch.
   *
   * @param key the setting
   * @param otherwise the value if it is not given
   * @return the value
   * @throws LocatorException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String key, boolean otherwise) {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, value, "is neither true nor false");
    };
  }

  private long quantity(
      String key, long otherwise, long min, long max, Map<String, Long> units, String kind) {
    String value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = QUANTITY.matcher(value);
    if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
      throw wrong(key, value, "is not " + kind);
    }
    BigDecimal exact =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(units.get(matcher.group(2))));
    if (exact.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw wrong(key, value, "is out of range: choose " + min + " to " + max);
    }
    return inRange(key, value, exact.longValue(), min, max);
  }

  private long inRange(String key, String value, long number, long min, long max) {
    if (number < min || number > max) {
      throw wrong(key, value, "is out of range: choose " + min + " to " + max);
    }
    return number;
  }

  private LocatorException wrong(String key, String value, String why) {
    return new LocatorException(scheme + ": " + key + "=" + value + " " + why);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Settings that
        && scheme.equals(that.scheme)
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return 31 * scheme.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? "" : "&").append(key).append('=').append(value));
    return text.toString();
  }
}
