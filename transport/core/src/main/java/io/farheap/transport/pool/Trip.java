package io.farheap.transport.pool;

import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;

/**
 * A transfer of a pool, and the one that its member carries out for it. It belongs to the transfer
 * and serves its later uses too.
 */
final class Trip {
  private final Object owner;
  private final Transfer transfer;
  private final Transfer inner = new Transfer();
  private PoolSlab slab;

  /** A trip that a pool makes for a transfer. */
  Trip(Object owner, Transfer transfer) {
    this.owner = owner;
    this.transfer = transfer;
  }

  /** Whether a pool makes it for a transfer. */
  boolean isOf(Object pool, Transfer of) {
    return owner.equals(pool) && transfer.equals(of);
  }

  /** Makes the member's transfer. */
  void fill(PoolSlab of) {
    slab = of;
    long slabOffset = transfer.slabOffset();
    if (transfer.isWrite()) {
      inner.write(of.memberId(), slabOffset, transfer.rawAddress(), transfer.lengthBytes());
    } else {
      inner.read(of.memberId(), slabOffset, transfer.rawAddress(), transfer.lengthBytes());
    }
  }

  FarMemory memory() {
    return slab.member().memory();
  }

  Transfer inner() {
    return inner;
  }

  /** Ends the transfer if the member has ended its own; true if it is over. */
  boolean settle() {
    if (transfer.isComplete()) {
      return true;
    }
    if (!inner.isComplete()) {
      return false;
    }
    TransportException failure = inner.failure();
    if (failure == null) {
      transfer.complete();
    } else {
      if (failure instanceof SlabLostException) {
        slab.lose();
        slab.uncount();
      }
      transfer.fail(failure);
    }
    return true;
  }
}
