package io.farheap.base.settings;

/**
 * A setting is wrong. The message names the place where it stands, such as {@code
 * server.properties:12}, the setting, its value, and what is allowed there.
 */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String origin;
  private final String key;
  private final String value;
  private final String allowed;

  private SettingException(
      String message, String origin, String key, String value, String allowed, Throwable cause) {
    super(message, cause);
    this.origin = origin;
    this.key = key;
    this.value = value;
    this.allowed = allowed;
  }

  /**
   * A value that is not allowed.
   *
   * @param origin where it stands: file and line, variable, option or program
   * @param key which setting
   * @param value its value, as it was written
   * @param allowed what would be accepted: a range, a list or an example
   * @param cause what led to it, or null
   */
  public SettingException(
      String origin, String key, String value, String allowed, Throwable cause) {
    this(
        origin + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed,
        origin,
        key,
        value,
        allowed,
        cause);
  }

  /**
   * Words that are no setting at all.
   *
   * @param origin where they stand
   * @param what what is wrong, and what to do
   * @return the exception, without key and value
   */
  public static SettingException of(String origin, String what) {
    return new SettingException(origin + ": " + what, origin, "", "", what, null);
  }

  /**
   * The same of a value that turned out to stand somewhere.
   *
   * @param place where it stands
   * @return an exception that names that place
   */
  public SettingException at(String place) {
    return new SettingException(place, key, value, allowed, this);
  }

  /** Where the value stands: file and line, variable, option or program. */
  public String origin() {
    return origin;
  }

  /** The setting that is wrong; empty if the words are none. */
  public String key() {
    return key;
  }

  /** The value that was refused, as it was written. */
  public String value() {
    return value;
  }

  /** What would have been accepted. */
  public String allowed() {
    return allowed;
  }
}
