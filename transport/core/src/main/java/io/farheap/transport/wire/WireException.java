package io.farheap.transport.wire;

import io.farheap.transport.TransportException;

/** Bytes from the other side are not what the protocol allows; the connection must end. */
public final class WireException extends TransportException {
  private static final long serialVersionUID = 1L;

  private final Defect defect;

  /**
   * Creates an exception.
   *
   * @param defect what is wrong
   * @param message the value that was wrong
   */
  public WireException(Defect defect, String message) {
    super(defect + ": " + message);
    this.defect = defect;
  }

  /**
   * What is wrong.
   *
   * @return the kind of defect
   */
  public Defect defect() {
    return defect;
  }
}
