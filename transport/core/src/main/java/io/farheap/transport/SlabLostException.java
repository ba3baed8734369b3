package io.farheap.transport;

/** The slab's content is gone for good: its server died or its lease ran out. */
public final class SlabLostException extends TransportException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public SlabLostException(String message) {
    super(message);
  }
}
