package io.farheap.error;

/**
 * Thrown by an allocation when the far address space or the memory servers have no room left.
 * Nothing was allocated, and all objects that exist stay usable.
 *
 * <p>Free objects, or raise {@code far-memory}. Memory of freed objects becomes usable again only
 * when its whole segment is free, so that an allocation may succeed a little later than the free
 * that made room.
 */
public class OutOfFarMemoryException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public OutOfFarMemoryException(String message) {
    super(message);
  }

  /**
   * Makes an exception that another one caused.
   *
   * @param message the value that was wrong and what to do about it
   * @param cause what led to it
   */
  public OutOfFarMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
