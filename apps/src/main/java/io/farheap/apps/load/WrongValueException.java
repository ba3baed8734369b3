package io.farheap.apps.load;

/** A server answered a value that nobody stored, or one that was overwritten before. */
public final class WrongValueException extends LoadException {
  private static final long serialVersionUID = 1;

  /**
   * Says what was wrong.
   *
   * @param message key, version and what differs
   */
  public WrongValueException(String message) {
    super(message);
  }
}
