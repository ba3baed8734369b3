package io.farheap.transport.security;

import io.farheap.transport.TransportException;

/** A file with certificates, keys or tokens cannot be read, or does not hold what it should. */
public final class SecurityFileException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message which file, and what is wrong with it; never its content
   * @param cause what led to it, or null
   */
  public SecurityFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
