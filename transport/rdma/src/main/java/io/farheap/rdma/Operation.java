package io.farheap.rdma;

import io.farheap.transport.Transfer;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.session.Piece;
import io.farheap.transport.slab.TransferCounts;

/**
 * One request to a device: a piece of a transfer, or an atomic operation. An abandoned one keeps
 * its buffer until it is reported.
 */
final class Operation extends Piece {
  enum Kind {
    READ,
    WRITE,
    COMPARE_AND_SWAP,
    FETCH_AND_ADD
  }

  /** The buffer of an operation that has none. */
  static final int NO_BUFFER = -1;

  final Kind kind;
  RdmaSlab slab;
  long slabOffset;
  long rawAddress;
  int lengthBytes;

  /** Whether the local bytes are inside the registered region. */
  boolean registered;

  /** The lane's buffer that stands for the local bytes, while it has one. */
  int buffer = NO_BUFFER;

  /** Operands and result of an atomic operation. */
  long expected;

  long operand;
  long result;

  /** A piece of a transfer; the whole of it if {@code whole} is null. */
  Operation(Transfer transfer, Operation whole, TransferCounts counts) {
    super(transfer, whole, counts);
    this.kind = kindOf(transfer);
  }

  /** An atomic operation on 8 bytes. */
  Operation(Kind kind) {
    this.kind = kind;
    this.lengthBytes = Long.BYTES;
  }

  private static Kind kindOf(Transfer transfer) {
    return transfer.isWrite() ? Kind.WRITE : Kind.READ;
  }

  /** Prepares it for a further use of its transfer; false if that has another direction now. */
  boolean renew() {
    if (kind != kindOf(transfer())) {
      return false;
    }
    reset();
    return true;
  }

  /** Says which part of the transfer this is. */
  void aim(RdmaSlab ofSlab, int from, int bytes, boolean inRegion) {
    slab = ofSlab;
    slabOffset = transfer().slabOffset() + from;
    rawAddress = transfer().rawAddress() + from;
    lengthBytes = bytes;
    registered = inRegion;
  }

  boolean isAtomic() {
    return transfer() == null;
  }

  long remoteAddress() {
    return slab.remoteAddress() + slabOffset;
  }

  @Override
  protected TransportTimeoutException givenUp() {
    if (transfer() != null) {
      return super.givenUp();
    }
    return new TransportTimeoutException(
        this
            + " was not done within "
            + (System.nanoTime() - submittedNanos())
            + " ns; it may or may not have been carried out");
  }

  @Override
  public String toString() {
    return transfer() != null
        ? transfer().toString()
        : kind + "[slab=" + slab.id() + " slabOffset=" + slabOffset + "]";
  }
}
