package io.farheap.error;

/**
 * Thrown when an offset or range lies outside the object it was meant for. No byte was read or
 * written.
 *
 * <p>The message names offset, length and the object's size, all in bytes: check the arithmetic, or
 * that the handle is of the object it is taken for.
 */
public class BoundsException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public BoundsException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public BoundsException(String message, Throwable cause) {
    super(message, cause);
  }
}
