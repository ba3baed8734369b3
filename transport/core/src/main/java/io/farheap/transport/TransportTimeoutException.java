package io.farheap.transport;

/** A transfer or call was not complete at its deadline. */
public final class TransportTimeoutException extends TransportException {
  private static final long serialVersionUID = 1L;

  /** Without a trace and never written to: it can be everybody's. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static final TransportTimeoutException WITHOUT_WORDS =
      new TransportTimeoutException(
          "given up before it was complete, and there was no memory or stack to say more; it may be"
              + " issued again",
          false);

  /**
   * Creates an exception.
   *
   * @param message the value that was wrong and what to do about it
   */
  public TransportTimeoutException(String message) {
    super(message);
  }

  private TransportTimeoutException(String message, boolean writable) {
    super(message, writable);
  }

  /**
   * For providers: the failure of a transfer that was fenced and touches nothing any more. There is
   * one also when it cannot be created.
   *
   * @param transfer the transfer
   * @return what to fail it with
   */
  public static TransportTimeoutException fenced(Transfer transfer) {
    try {
      return new TransportTimeoutException(
          transfer + ": fenced before it was complete; it may be issued again");
    } catch (OutOfMemoryError | StackOverflowError e) {
      return WITHOUT_WORDS;
    }
  }

  /**
   * For providers: the failure of what is given up when no other one can be created. It is always
   * the same object and has no stack trace.
   *
   * @return an exception that names nothing
   */
  public static TransportTimeoutException withoutWords() {
    return WITHOUT_WORDS;
  }
}
