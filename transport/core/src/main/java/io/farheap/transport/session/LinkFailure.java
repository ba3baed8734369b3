package io.farheap.transport.session;

import java.io.IOException;

/** A link cannot be used any more. Has no stack trace: its message says it all. */
final class LinkFailure extends IOException {
  private static final long serialVersionUID = 1L;

  LinkFailure(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
