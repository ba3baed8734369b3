package io.farheap.transport;

/** A transfer or call was not complete at its deadline. */
public final class TransportTimeoutException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public TransportTimeoutException(String message) {
    super(message);
  }
}
