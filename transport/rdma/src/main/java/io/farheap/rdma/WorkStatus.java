package io.farheap.rdma;

/** What the verbs' work completion statuses mean. */
final class WorkStatus {
  /** In the order of their numbers. */
  private static final String[] NAMES = {
    "success",
    "local length error",
    "local operation error",
    "local end-to-end context error",
    "local protection error",
    "flushed",
    "memory window bind error",
    "bad response",
    "local access error",
    "remote refuses an invalid request",
    "remote access error",
    "remote operation error",
    "retries exceeded, the other side does not answer",
    "receiver-not-ready retries exceeded",
    "local domain violation",
    "remote refuses an invalid datagram",
    "aborted by the remote side",
    "invalid end-to-end context number",
    "invalid end-to-end context state",
    "fatal device error",
    "response timeout",
    "general error"
  };

  private static final int LOCAL_LENGTH = 1;
  private static final int LOCAL_OPERATION = 2;
  private static final int LOCAL_PROTECTION = 4;
  private static final int LOCAL_ACCESS = 8;
  private static final int REMOTE_INVALID_REQUEST = 9;
  private static final int REMOTE_OPERATION = 11;

  private WorkStatus() {}

  static String name(int status) {
    return status >= 0 && status < NAMES.length ? NAMES[status] : "status " + status;
  }

  /** Whether the request itself is at fault, so that it would fail again on any queue pair. */
  static boolean isOfRequest(int status) {
    return switch (status) {
      case LOCAL_LENGTH,
          LOCAL_OPERATION,
          LOCAL_PROTECTION,
          LOCAL_ACCESS,
          REMOTE_INVALID_REQUEST,
          REMOTE_OPERATION ->
          true;
      default -> false;
    };
  }
}
