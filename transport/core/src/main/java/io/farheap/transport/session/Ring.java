package io.farheap.transport.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The requests of a lane that were sent and are not answered, in their order.
 *
 * <p>{@code tail} is written by who sends, with release after the element; {@code head} by who
 * receives, with release after the element is cleared. Each reads the other's with acquire.
 */
final class Ring {
  private static final int CAPACITY = 1024;
  private static final int MASK = CAPACITY - 1;
  private static final VarHandle HEAD;
  private static final VarHandle TAIL;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(Ring.class, "head", int.class);
      TAIL = lookup.findVarHandle(Ring.class, "tail", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Request[] requests = new Request[CAPACITY];

  @SuppressWarnings("unused") // By the handle.
  private int head;

  @SuppressWarnings("unused") // By the handle.
  private int tail;

  /** Whether there is room; for who sends. */
  boolean hasRoom() {
    return size() < CAPACITY;
  }

  /** How many there are; exact for who sends or receives, at least for what the other leaves. */
  int size() {
    return (int) TAIL.getAcquire(this) - (int) HEAD.getAcquire(this);
  }

  /** Adds one; for who sends. */
  void add(Request request) {
    int at = (int) TAIL.getAcquire(this);
    requests[at & MASK] = request;
    TAIL.setRelease(this, at + 1);
  }

  /** The oldest, or null; for who receives. */
  Request peek() {
    int at = (int) HEAD.getAcquire(this);
    return at == (int) TAIL.getAcquire(this) ? null : requests[at & MASK];
  }

  /** Whether a piece of a whole is among them; for who both sends and receives. */
  boolean hasPieceOf(Piece whole) {
    int end = (int) TAIL.getAcquire(this);
    for (int at = (int) HEAD.getAcquire(this); at != end; at++) {
      if (requests[at & MASK].isOf(whole)) {
        return true;
      }
    }
    return false;
  }

  /** Removes the oldest; for who receives. */
  void remove() {
    int at = (int) HEAD.getAcquire(this);
    requests[at & MASK] = null;
    HEAD.setRelease(this, at + 1);
  }
}
