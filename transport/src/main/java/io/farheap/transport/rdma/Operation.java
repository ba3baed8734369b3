package io.farheap.transport.rdma;

import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * One request to a device: a piece of a transfer, or an atomic operation.
 *
 * <pre>
 *                  ┌── queue pair lost, may be posted again ──┐
 *                  ▼                                          │
 *   (new) ──► IN BACKLOG ────posted────► IN RING ──reported──► over: done, failed
 *                  └──────────── given up ───────────────────► over
 * </pre>
 *
 * <p>All fields are guarded by the lane's lock once it is submitted, but for those that are
 * volatile. An abandoned operation keeps its place in the ring and its buffer until it is reported,
 * and touches nothing else any more.
 */
final class Operation {
  enum Kind {
    READ,
    WRITE,
    COMPARE_AND_SWAP,
    FETCH_AND_ADD
  }

  /** The buffer of an operation that has none. */
  static final int NO_BUFFER = -1;

  /** The transfer of which this is a piece; null for an atomic operation. */
  final Transfer transfer;

  /** What counts the pieces of a transfer; this object itself if there is only one. */
  final Operation whole;

  final Kind kind;
  RdmaSlab slab;
  long slabOffset;
  long rawAddress;
  int lengthBytes;
  Lane lane;
  long submittedNanos;

  /** Whether the local bytes are inside the registered region. */
  boolean registered;

  /** The lane's buffer that stands for the local bytes, while it has one. */
  int buffer = NO_BUFFER;

  /** Operands and result of an atomic operation. */
  long expected;

  long operand;
  long result;

  /** Pieces that are not over yet, and the first failure of one; of the whole only. */
  int piecesLeft = 1;

  TransportException failure;
  private volatile boolean over;
  private boolean abandoned;
  private volatile Thread waiter;

  /** A piece of a transfer; the whole of it if {@code whole} is null. */
  Operation(Transfer transfer, Operation whole) {
    this.transfer = transfer;
    this.kind = transfer.isWrite() ? Kind.WRITE : Kind.READ;
    this.whole = whole == null ? this : whole;
  }

  /** An atomic operation on 8 bytes. */
  Operation(Kind kind) {
    this.transfer = null;
    this.kind = kind;
    this.whole = this;
    this.lengthBytes = Long.BYTES;
  }

  /** Whether it can serve another transfer of the same direction: nobody looks at it any more. */
  boolean isReusable() {
    return over && !abandoned && piecesLeft == 0 && slab != null;
  }

  void reset() {
    piecesLeft = 1;
    failure = null;
    waiter = null;
    over = false;
  }

  boolean isAtomic() {
    return transfer == null;
  }

  long remoteAddress() {
    return slab.remoteAddress() + slabOffset;
  }

  /** Why it failed, now that it is given up. */
  TransportTimeoutException givenUp() {
    if (transfer != null) {
      return TransportTimeoutException.fenced(transfer);
    }
    return new TransportTimeoutException(
        this
            + " was not done within "
            + (System.nanoTime() - submittedNanos)
            + " ns; it may or may not have been carried out");
  }

  boolean isAbandoned() {
    return whole.abandoned;
  }

  void abandon() {
    abandoned = true;
  }

  /** Of the whole: nothing of it will touch the caller's memory any more. */
  boolean isOver() {
    return over;
  }

  /** Names the thread that is to be woken when this is over; null for none. */
  void waiter(Thread thread) {
    waiter = thread;
  }

  /** Marks it as over and wakes who waits; the last thing that is done with it. */
  void end() {
    over = true;
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public String toString() {
    return transfer != null
        ? transfer.toString()
        : kind + "[slab=" + slab.remote().id() + " slabOffset=" + slabOffset + "]";
  }
}
