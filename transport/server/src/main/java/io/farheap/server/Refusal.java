package io.farheap.server;

import io.farheap.transport.wire.Status;

/** A request that is answered with something else than OK. Has no stack trace: it is no bug. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final boolean ending;

  private Refusal(Status status, String message, boolean ending) {
    super(message, null, false, false);
    this.status = status;
    this.ending = ending;
  }

  /** A refusal after which the connection goes on. */
  static Refusal of(Status status, String message) {
    return new Refusal(status, message, false);
  }

  /** A refusal after which the connection ends. */
  static Refusal ending(Status status, String message) {
    return new Refusal(status, message, true);
  }

  Status status() {
    return status;
  }

  boolean isEnding() {
    return ending;
  }
}
