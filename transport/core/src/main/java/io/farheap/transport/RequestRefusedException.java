package io.farheap.transport;

/** The provider was reached but refused the request: a bad slab, range or function. */
public final class RequestRefusedException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public RequestRefusedException(String message) {
    super(message);
  }
}
