package io.farheap.transport.server;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes and times as people write them. */
final class Sizes {
  private static final Pattern QUANTITY =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)([a-zA-Z]*)");
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
  private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1000L, "min", 60_000L);

  private Sizes() {}

  /** A size such as {@code 4GiB}; {@code what} begins the message if it is none. */
  static long bytes(String what, String text) {
    return quantity(what, text, BYTES, "a size, for example 4GiB");
  }

  /** A time such as {@code 30s}, in milliseconds. */
  static int millis(String what, String text) {
    return (int)
        Math.min(Integer.MAX_VALUE, quantity(what, text, MILLIS, "a time, for example 30s"));
  }

  private static long quantity(String what, String text, Map<String, Long> units, String kind) {
    Matcher matcher = QUANTITY.matcher(text);
    Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException(what + "=" + text + " is not " + kind);
    }
    BigDecimal exact = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    return exact.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
  }
}
