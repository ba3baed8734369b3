package io.farheap.error;

/**
 * The root of everything that Farheap throws on purpose. It and its subclasses are unchecked: they
 * report misuse, or a resource that ran out, and the message names the value that was wrong and
 * what to do about it.
 *
 * <p>Catch a subclass where there is something to do about it; catch this one at the edge of a
 * request.
 */
public class FarHeapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public FarHeapException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public FarHeapException(String message, Throwable cause) {
    super(message, cause);
  }
}
