package io.farheap.transport;

/** The provider is closed or cannot be reached. */
public final class ConnectionLostException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public ConnectionLostException(String message) {
    super(message);
  }
}
