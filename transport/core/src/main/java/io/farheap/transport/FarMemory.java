package io.farheap.transport;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Far memory reached through one provider: slabs of opaque bytes.
 *
 * <p>All methods may be called by any thread at any time. A {@link Transfer} itself belongs to one
 * thread at a time. Transfers that are in flight together may be carried out in any order; a
 * transfer that is submitted after another one's completion was seen comes after it. A write whose
 * {@link TransportTimeoutException timeout} has passed may still land: {@link #fence} it before
 * anything is issued again for the same bytes.
 *
 * <p>Slab ids are opaque: they are neither dense nor small, and an id is not used twice.
 */
public interface FarMemory extends AutoCloseable {

  /**
   * Size of every slab.
   *
   * @return bytes, a power of two
   */
  long slabBytes();

  /**
   * Allocates a slab whose bytes are all zero.
   *
   * @return its id, 0 or more
   * @throws FarMemoryFullException if no slab is free
   * @throws ConnectionLostException if closed or out of reach
   */
  long allocateSlab();

  /**
   * Bytes that can still be allocated, as far as this process knows without asking: a hint for who
   * chooses among several far memories.
   *
   * @return bytes; less than 0 while the far memory is out of reach
   */
  default long freeBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Gives a slab back. No transfer on it may be in flight: fence those first.
   *
   * @param slab a slab id from {@link #allocateSlab}
   * @throws RequestRefusedException if it is not allocated, for example released already
   * @throws ConnectionLostException if closed or out of reach
   */
  void releaseSlab(long slab);

  /**
   * Names the local memory that transfers read and write. Called once, before the first transfer;
   * providers that need no registration ignore it.
   *
   * @param region native memory that outlives this object
   */
  void registerLocal(MemorySegment region);

  /**
   * Starts a transfer. Never blocks, and never throws for a remote failure: the transfer fails
   * instead. It may be complete on return.
   *
   * <p>Whatever else is thrown, an error of the Java machine for example, the transfer's state says
   * what follows: its memory may be touched as long as it is {@link Transfer#IN_FLIGHT}, so {@link
   * #fence} it before that memory is used for anything else. This holds for all methods here.
   *
   * @param transfer a filled transfer
   * @throws IllegalStateException if it is in flight, or complete and not filled anew
   */
  void submit(Transfer transfer);

  /**
   * Whether every transfer is complete when {@link #submit} returns, so that it costs a copy and
   * nobody ever waits.
   *
   * @return true if so, for good
   */
  default boolean completesInSubmit() {
    return false;
  }

  /** Sends what was submitted and is still held back for batching. Never blocks. */
  void flush();

  /**
   * Makes progress on the caller's thread. Cheap; never blocks.
   *
   * @param transfer a submitted transfer
   * @return true once it is complete, done or failed
   */
  boolean poll(Transfer transfer);

  /**
   * After this returns, the transfer will never again touch far or local memory. Completes it as
   * failed if it was not complete; whether a fenced write has landed is then unknown, but decided.
   *
   * @param transfer a submitted transfer
   */
  void fence(Transfer transfer);

  /**
   * Calls a function on the side of the far memory.
   *
   * @param function its name
   * @param argument its argument; not kept
   * @param timeoutNanos how long to wait for the result
   * @return its result
   * @throws RequestRefusedException if there is no such function or it refuses the argument
   * @throws TransportTimeoutException if the result did not come in time
   * @throws ConnectionLostException if closed or out of reach
   */
  byte[] call(String function, byte[] argument, long timeoutNanos);

  /**
   * What has been done so far.
   *
   * @return a snapshot
   */
  FarMemoryStatistics statistics();

  /**
   * Atomic operations on words of far memory, where the provider has them.
   *
   * @return the operations, or empty
   */
  default Optional<FarAtomics> atomics() {
    return Optional.empty();
  }

  /**
   * The clock by which deadlines are read.
   *
   * @return nanoseconds from an arbitrary origin, as {@link System#nanoTime}
   */
  default LongSupplier clock() {
    return System::nanoTime;
  }

  /**
   * Waits until a transfer is done.
   *
   * @param transfer a submitted transfer
   * @param deadlineNanos a reading of {@link #clock}
   * @throws TransportTimeoutException if it is not complete by then; it has been fenced
   * @throws TransportException the transfer's own failure, as its provider created it
   */
  default void await(Transfer transfer, long deadlineNanos) {
    if (!poll(transfer)) {
      Waiting.untilComplete(this, transfer, deadlineNanos);
    }
    TransportException failure = transfer.failure();
    if (failure != null) {
      throw failure;
    }
  }

  /** Frees all slabs. Later operations fail with {@link ConnectionLostException}. Idempotent. */
  @Override
  void close();
}
