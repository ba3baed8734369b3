package io.farheap.error;

/**
 * Thrown when a heap, or anything that belongs to one, is used after {@code FarHeap.close()},
 * including by operations that were under way on other threads while it closed.
 *
 * <p>Stop the threads that use a heap before closing it, or treat this exception as their signal to
 * stop.
 */
public class HeapClosedException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public HeapClosedException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public HeapClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
