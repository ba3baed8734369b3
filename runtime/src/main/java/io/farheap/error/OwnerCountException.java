package io.farheap.error;

/**
 * Thrown when one more owner would overflow the owner count of a shared object, or when an owner
 * gives up an object that has no owner left to count. The count is unchanged, and the object stays
 * usable by those who own it.
 *
 * <p>An overflow nearly always is a leak: close every copy of a {@code SharedPtr}. Otherwise let
 * the additional owners share one copy.
 */
public class OwnerCountException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public OwnerCountException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public OwnerCountException(String message, Throwable cause) {
    super(message, cause);
  }
}
