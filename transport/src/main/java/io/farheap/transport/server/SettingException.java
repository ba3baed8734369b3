package io.farheap.transport.server;

/**
 * A setting of a memory server is wrong. The message names the place where it stands, such as
 * {@code server.properties:12}, the setting, its value, and what is allowed there.
 */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param origin where it stands: file and line, variable or option
   * @param what which setting, with its value, and what is allowed
   * @param cause what led to it, or null
   */
  SettingException(String origin, String what, Throwable cause) {
    super(origin + ": " + what, cause);
  }
}
