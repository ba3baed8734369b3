package io.farheap.error;

/**
 * Thrown by an allocation whose length is larger than one object may be, and by a whole-object
 * access for which the local budget can never hold all pages at once. Nothing was allocated.
 *
 * <p>Split the value over several objects, read and write it by ranges, or raise the option that
 * the message names as the limit, {@code local-memory} or {@code slab-size}.
 */
public class ObjectTooLargeException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public ObjectTooLargeException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public ObjectTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
