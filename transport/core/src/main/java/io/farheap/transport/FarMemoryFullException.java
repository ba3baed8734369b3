package io.farheap.transport;

/** The provider has no free slab left. */
public final class FarMemoryFullException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public FarMemoryFullException(String message) {
    super(message);
  }
}
