package io.farheap.error;

/**
 * Thrown when a pointer is used after it gave its object away: it was moved, shared, freed or
 * closed. The object itself may well live on under its new owner.
 *
 * <p>Use the pointer that the move returned. Where several places need the object, let them share
 * it through a {@code SharedPtr} and close each copy once.
 */
public class SpentPointerException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public SpentPointerException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public SpentPointerException(String message, Throwable cause) {
    super(message, cause);
  }
}
