package io.farheap.apps.demo;

/** Thrown when an item is not what was written: the heap, or the demo, is broken. */
public final class CorruptItemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message key, what was expected and what was found
   * @param cause what the heap threw instead of giving bytes, or null
   */
  CorruptItemException(String message, Throwable cause) {
    super(message, cause);
  }
}
