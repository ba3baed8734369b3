package io.farheap.error;

/**
 * Thrown when a handle names no live object: the object was freed (a second {@code free} counts,
 * too), or the value never was a handle of this heap. No byte of any object was read or written.
 *
 * <p>The caller holds a handle longer than the object lives: drop every copy of the handle when the
 * object is freed, or share the object's ownership through a {@code SharedPtr}. Handles are never
 * reused, so that the error can't turn into somebody else's bytes.
 */
public class StaleHandleException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public StaleHandleException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public StaleHandleException(String message, Throwable cause) {
    super(message, cause);
  }
}
