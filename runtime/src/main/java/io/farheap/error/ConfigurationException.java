package io.farheap.error;

/**
 * Thrown when a heap's configuration is wrong: an unknown key, a value that can't be read or lies
 * outside its range, settings that contradict each other, or a file that can't be read. No heap was
 * opened.
 *
 * <p>The message names the place the value came from, the key, the value, and what is allowed
 * there; correct it at that place.
 */
public class ConfigurationException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String value;
  private final String allowed;
  private final String origin;

  /**
   * Makes an exception.
   *
   * @param key the setting, as a configuration file spells it
   * @param value the value that was refused, as it was written
   * @param allowed what would be accepted: a range, a list or an example
   * @param origin where the value came from, such as {@code farheap.properties:12}
   */
  public ConfigurationException(String key, String value, String allowed, String origin) {
    this(key, value, allowed, origin, null);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param key the setting, as a configuration file spells it
   * @param value the value that was refused, as it was written
   * @param allowed what would be accepted: a range, a list or an example
   * @param origin where the value came from, such as {@code farheap.properties:12}
   * @param cause what led to it, or null
   */
  public ConfigurationException(
      String key, String value, String allowed, String origin, Throwable cause) {
    super(origin + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed, cause);
    this.key = key;
    this.value = value;
    this.allowed = allowed;
    this.origin = origin;
  }

  /**
   * The setting that was wrong.
   *
   * @return its key, as a configuration file spells it
   */
  public String key() {
    return key;
  }

  /**
   * The value that was refused.
   *
   * @return the text as it was written
   */
  public String value() {
    return value;
  }

  /**
   * What would have been accepted.
   *
   * @return a range, a list or an example
   */
  public String allowed() {
    return allowed;
  }

  /**
   * Where the value came from.
   *
   * @return file and line, environment variable, or builder
   */
  public String origin() {
    return origin;
  }
}
