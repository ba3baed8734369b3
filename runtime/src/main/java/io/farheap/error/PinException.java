package io.farheap.error;

/** A pin was used after it was closed. Take another. */
public class PinException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  /**
   * With what happened and what to do.
   *
   * @param message the message
   */
  public PinException(String message) {
    super(message);
  }
}
