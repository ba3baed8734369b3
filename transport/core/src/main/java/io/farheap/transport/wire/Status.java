package io.farheap.transport.wire;

/** How a request went. A reply that is not {@link #OK} carries a message as its payload. */
public enum Status {
  /** Carried out. */
  OK(0),
  /** The bytes are no frame, or one out of order; the connection ends. */
  BAD_FRAME(1),
  /** No common version, or a required feature is missing; the connection ends. */
  BAD_VERSION(2),
  /** The client did not prove who it is; the connection ends. */
  UNAUTHENTICATED(3),
  /** The lease has run out or never existed: its slabs are gone. */
  LEASE_LOST(4),
  /** A later session of the same lease has taken over; the connection ends. */
  SUPERSEDED(5),
  /** The slab is not allocated to this lease. */
  NO_SUCH_SLAB(6),
  /** The range is not inside the slab. */
  BAD_RANGE(7),
  /** The server has no free slab. */
  FULL(8),
  /** The client's tenant has used up its quota. */
  OVER_QUOTA(9),
  /** There is no such function. */
  NO_SUCH_FUNCTION(10),
  /** The function refuses its argument. */
  FUNCTION_REFUSED(11),
  /** The reply would be larger than a frame may be. */
  TOO_LARGE(12),
  /** The server stops; ask another. */
  DRAINING(13),
  /** The server has as many clients as it may have; ask another, or later. */
  BUSY(14),
  /** The server failed; whether the request was carried out is unknown. */
  INTERNAL(15);

  private static final Status[] BY_CODE = new Status[values().length];

  static {
    for (Status status : values()) {
      BY_CODE[status.code] = status;
    }
  }

  private final int code;

  Status(int code) {
    this.code = code;
  }

  /**
   * The status's number in a frame.
   *
   * @return 0 to 65535
   */
  public int code() {
    return code;
  }

  /**
   * The status of a number.
   *
   * @param code 0 to 65535
   * @return the status, or null if there is none
   */
  public static Status of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
