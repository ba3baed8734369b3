package io.farheap.error;

/**
 * Thrown when a class cannot be mapped to far memory, when a value does not fit the layout of its
 * class, or when a component is asked for by a wrong name or kind.
 *
 * <p>The message names the record, the component and its type, and what to use instead. When it is
 * thrown while a value is written, no byte has been changed.
 */
public class LayoutException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the class, component or value that was wrong and what to do about it
   */
  public LayoutException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the class, component or value that was wrong and what to do about it
   * @param cause what led to it
   */
  public LayoutException(String message, Throwable cause) {
    super(message, cause);
  }
}
