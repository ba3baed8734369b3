package io.farheap.transport;

import io.farheap.base.settings.SettingException;
import io.farheap.base.settings.SettingNames;
import io.farheap.base.settings.SettingText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The {@code key=value} settings of a locator, read by type. Immutable. */
public final class Settings {
  private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]*");

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
    SettingNames names = new SettingNames(new TreeSet<>(known).stream().toList());
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            SettingException unknown = names.unknown(new SettingText(key, value, scheme));
            throw new LocatorException(unknown.getMessage(), unknown);
          }
        });
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
    return read(key, otherwise, text -> text.bytes(min, max));
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
    return read(key, otherwise, text -> text.powerOfTwoBytes(min, max));
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
    return read(key, otherwise, text -> text.nanos(0, max));
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
    return read(key, otherwise, text -> text.integer(min, max));
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
    return read(key, otherwise, text -> text.real(max));
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
    return read(key, otherwise, SettingText::flag);
  }

  private <T> T read(String key, T otherwise, Function<SettingText, T> reader) {
    String value = values.get(key);
    try {
      return value == null ? otherwise : reader.apply(new SettingText(key, value, scheme));
    } catch (SettingException e) {
      throw new LocatorException(e.getMessage(), e);
    }
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
