package io.farheap.rdma.fabric;

import io.farheap.transport.TransportException;

/**
 * A reliable connection on which one side reads and writes the other's memory.
 *
 * <p>Requests are added and then {@link #post posted} together. They are carried out in the order
 * of posting and complete in it, so a completion says that all requests before it were carried out
 * too. A request that fails is always reported; it is the last one that is carried out, and all
 * after it are reported with {@link #FLUSHED}.
 *
 * <p>Adding and posting is one thread's at a time, polling is one thread's at a time, and {@link
 * #awaitEvent} is one thread's at a time; all three may go on together. None of them may follow
 * {@link #close}, but {@link #awaitEvent}, which is over soon after it.
 */
public interface QueuePair extends AutoCloseable {
  /** Status: carried out. */
  int SUCCESS = 0;

  /** Status: longer than the device or the local registration allows. */
  int LOCAL_LENGTH = 1;

  /** Status: the local side is not registered for this. */
  int LOCAL_PROTECTION = 4;

  /** Status: given up because an earlier request failed or the queue pair was aborted. */
  int FLUSHED = 5;

  /** Status: the peer does not let this queue pair reach that memory. */
  int REMOTE_ACCESS = 10;

  /** Status: the peer does not answer. */
  int RETRIES_EXCEEDED = 12;

  /**
   * The domain in which it was made.
   *
   * @return its domain, the same object for all queue pairs of one device
   */
  Domain domain();

  /**
   * How many requests may be posted and not complete.
   *
   * @return 1 or more
   */
  int depth();

  /**
   * Longest write that is copied when it is added, so that its memory needs no registration.
   *
   * @return bytes, perhaps 0
   */
  int inlineBytes();

  /**
   * Adds a read.
   *
   * @param id what {@link #id} gives
   * @param signalled whether success is reported
   * @param rawAddress first local byte
   * @param lengthBytes bytes
   * @param localKey of the registration that has the local bytes
   * @param remoteAddress first remote byte
   * @param remoteKey of the registration that has the remote bytes
   */
  void read(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey);

  /**
   * Adds a write; parameters as for {@link #read}.
   *
   * @param id what {@link #id} gives
   * @param signalled whether success is reported
   * @param rawAddress first local byte
   * @param lengthBytes bytes
   * @param localKey of the registration that has the local bytes
   * @param remoteAddress first remote byte
   * @param remoteKey of the registration that has the remote bytes
   */
  void write(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey);

  /**
   * Adds a write of at most {@link #inlineBytes}, whose local bytes are copied at once.
   *
   * @param id what {@link #id} gives
   * @param signalled whether success is reported
   * @param rawAddress first local byte
   * @param lengthBytes bytes
   * @param remoteAddress first remote byte
   * @param remoteKey of the registration that has the remote bytes
   */
  void writeInline(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      long remoteAddress,
      int remoteKey);

  /**
   * Adds a compare-and-swap of 8 aligned bytes; always reported.
   *
   * @param id what {@link #id} gives
   * @param resultRawAddress where the old value goes
   * @param localKey of the registration that has that place
   * @param remoteAddress the word
   * @param remoteKey of the registration that has it
   * @param expected value to be replaced
   * @param replacement new value
   */
  void compareAndSwap(
      long id,
      long resultRawAddress,
      int localKey,
      long remoteAddress,
      int remoteKey,
      long expected,
      long replacement);

  /**
   * Adds a fetch-and-add on 8 aligned bytes; always reported.
   *
   * @param id what {@link #id} gives
   * @param resultRawAddress where the old value goes
   * @param localKey of the registration that has that place
   * @param remoteAddress the word
   * @param remoteKey of the registration that has it
   * @param addend what is added
   */
  void fetchAndAdd(
      long id, long resultRawAddress, int localKey, long remoteAddress, int remoteKey, long addend);

  /**
   * Hands everything that was added to the device at once.
   *
   * @throws TransportException if the device refuses; how many it took is unknown, and the queue
   *     pair is of no use any more
   */
  void post();

  /**
   * Fetches completions; those of the last call are forgotten.
   *
   * @return how many
   * @throws TransportException if the device does not say; the queue pair is of no use any more
   */
  int poll();

  /**
   * Which request is complete, with all that were posted before it.
   *
   * @param index of a completion of the last {@link #poll}
   * @return the id that it was given
   */
  long id(int index);

  /**
   * How it went.
   *
   * @param index of a completion of the last {@link #poll}
   * @return {@link #SUCCESS}, or a number of the verbs' work completions
   */
  int status(int index);

  /** Asks for an event when the next completion comes; who asks must poll once more afterwards. */
  void arm();

  /**
   * Waits for the event; at once after {@link #close}.
   *
   * @param timeoutNanos how long at most
   * @return true if it came
   */
  boolean awaitEvent(long timeoutNanos);

  /**
   * Whether the peer is still there, as far as the connection's own signals say. Never blocks; one
   * thread at a time.
   *
   * @return false once it has left
   */
  boolean isConnected();

  /** Stops everything: nothing is sent any more, and all that was posted will be reported. */
  void abort();

  /**
   * Ends the connection: after this returns, the device touches no local memory on its behalf.
   * Idempotent.
   */
  @Override
  void close();
}
