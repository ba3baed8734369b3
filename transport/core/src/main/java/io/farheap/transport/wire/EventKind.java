package io.farheap.transport.wire;

/** What a server says unasked. A client passes over kinds that it does not know. */
public enum EventKind {
  /** The server is about to stop and hands out no slabs any more. */
  DRAINING(1);

  private static final EventKind[] KINDS = values();

  private final long code;

  EventKind(long code) {
    this.code = code;
  }

  /**
   * The kind's number, which is the subject of the event's frame.
   *
   * @return 1 or more
   */
  public long code() {
    return code;
  }

  /**
   * The kind of a number.
   *
   * @param code a frame's subject
   * @return the kind, or null if it is not known here
   */
  public static EventKind of(long code) {
    for (EventKind kind : KINDS) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
