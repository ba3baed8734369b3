package io.farheap.transport.wire;

/** What a frame asks for, or answers. */
public enum Opcode {
  /** Version, features and name of the client; answered by {@link Challenge}. */
  HELLO(1),
  /**
   * Proof of identity, and the lease to begin or to take up again; answered by {@link Attached}.
   */
  ATTACH(2),
  /** Nothing but an answer. */
  PING(3),
  /** Keeps the lease; answered with what is left of it and with the free bytes. */
  RENEW(4),
  /** A new slab of zeros. */
  ALLOCATE(5),
  /** Gives a slab back. */
  RELEASE(6),
  /** Bytes of one range of a slab. */
  READ(7),
  /** New bytes for one range of a slab. */
  WRITE(8),
  /** Bytes of several ranges. */
  READ_BATCH(9),
  /** New bytes for several ranges. */
  WRITE_BATCH(10),
  /** A named function on the server's side. */
  CALL(11),
  /** Counters of the server. */
  STATISTICS(12),
  /** Ends the lease at once; its slabs are free. */
  GOODBYE(13),
  /** A secret for a new queue pair, which takes the place of an older one. */
  QUEUE_PAIR(14),
  /** Not asked for: a server says that something has happened, see {@link EventKind}. */
  EVENT(15);

  private static final Opcode[] BY_CODE = new Opcode[values().length + 1];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /**
   * The opcode's number in a frame.
   *
   * @return 1 to 255
   */
  public int code() {
    return code;
  }

  /**
   * The opcode of a number.
   *
   * @param code 0 to 255
   * @return the opcode, or null if there is none
   */
  public static Opcode of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
