package io.farheap.rdma.verbs;

import io.farheap.transport.TransportException;

/** This process cannot use RDMA: a library is missing, or the machine is of another kind. */
public final class VerbsUnavailableException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what is missing and how to get it
   */
  public VerbsUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what is missing and how to get it
   * @param cause what led to it
   */
  public VerbsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
