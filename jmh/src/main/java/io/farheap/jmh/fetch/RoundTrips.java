package io.farheap.jmh.fetch;

/** A client that asks and waits, over and over. */
public interface RoundTrips extends AutoCloseable {
  /** Bytes of a request that asks for something. */
  int REQUEST_BYTES = 32;

  /**
   * Makes round trips one at a time.
   *
   * @param replyBytes how much is asked for
   * @param nanos takes the time of each; its length says how many
   */
  void oneAtATime(int replyBytes, long[] nanos);

  /** Ends the connection. */
  @Override
  void close();
}
