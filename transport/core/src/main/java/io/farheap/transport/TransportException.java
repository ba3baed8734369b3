package io.farheap.transport;

/** Something went wrong between this process and its far memory. */
public class TransportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public TransportException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public TransportException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Creates an exception that can never change, for one that several share. */
  TransportException(String message, boolean writable) {
    super(message, null, writable, writable);
  }
}
