package io.farheap.transport;

/** A locator is malformed, or one of its settings has a value that is not allowed. */
public final class LocatorException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public LocatorException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what says the same of the setting
   */
  public LocatorException(String message, Throwable cause) {
    super(message, cause);
  }
}
