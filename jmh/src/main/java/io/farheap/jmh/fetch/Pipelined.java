package io.farheap.jmh.fetch;

/** A client that can have several requests under way. */
public interface Pipelined extends RoundTrips {
  /**
   * Makes round trips, several at a time.
   *
   * @param replyBytes how much each asks for
   * @param count how many
   * @param depth how many are under way together
   */
  void pipelined(int replyBytes, int count, int depth);
}
