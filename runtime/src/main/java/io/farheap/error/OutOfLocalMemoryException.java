package io.farheap.error;

import java.util.List;

/**
 * Thrown when no frame came free within {@code frame-wait-timeout}: everything local is held by
 * open scopes and pins, or can't be written out because its memory server doesn't answer. The
 * operation had no effect and may be repeated.
 *
 * <p>The message and {@link #holders()} name the scopes and pins that hold the memory. Close or
 * {@code renew()} long scopes, close pins, touch less in one scope, or raise {@code local-memory}.
 */
public class OutOfLocalMemoryException extends FarHeapException {
  private static final long serialVersionUID = 1L;

  private static final String HELD_BY = System.lineSeparator() + "  held by ";

  /** What holds frames, one entry each; an array, so that the exception stays serializable. */
  private final String[] holders;

  /**
   * Makes an exception that names no holders.
   *
   * @param message what was wanted, how long it waited, and what to do
   */
  public OutOfLocalMemoryException(String message) {
    super(message);
    this.holders = new String[0];
  }

  /**
   * Makes an exception that names those who hold the memory; they are added to the message.
   *
   * @param message what was wanted, how long it waited, and what to do
   * @param holders the scopes and pins that hold frames, one description each
   */
  public OutOfLocalMemoryException(String message, List<String> holders) {
    super(withHolders(message, holders));
    this.holders = holders.toArray(new String[0]);
  }

  /**
   * The scopes and pins that held frames when the wait ended.
   *
   * @return one description each, immutable; empty when none were known
   */
  public List<String> holders() {
    return List.of(holders);
  }

  private static String withHolders(String message, List<String> holders) {
    if (holders.isEmpty()) {
      return message;
    }
    return message + HELD_BY + String.join(HELD_BY, holders);
  }
}
