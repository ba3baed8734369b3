package io.farheap.transport;

/** One side did not prove to the other who it is, so that nothing was exchanged. */
public final class AuthenticationException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message who was not accepted, and what to check
   * @param cause what led to it, or null
   */
  public AuthenticationException(String message, Throwable cause) {
    super(message, cause);
  }
}
