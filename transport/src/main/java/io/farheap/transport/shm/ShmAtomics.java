package io.farheap.transport.shm;

import io.farheap.base.memory.NativeWords;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.memory.SlabRanges;
import java.lang.ref.Reference;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;

/** Atomic operations on mapped slabs, by this machine's processors. */
final class ShmAtomics implements FarAtomics {
  private final ShmTable slabs;
  private final long slabBytes;
  private final BooleanSupplier closed;

  ShmAtomics(ShmTable slabs, long slabBytes, BooleanSupplier closed) {
    this.slabs = slabs;
    this.slabBytes = slabBytes;
    this.closed = closed;
  }

  @Override
  public long compareAndSwap(
      long slab, long slabOffset, long expected, long replacement, long timeoutNanos) {
    return run(
        slab,
        slabOffset,
        rawAddress -> NativeWords.compareAndSwap(rawAddress, expected, replacement));
  }

  @Override
  public long fetchAndAdd(long slab, long slabOffset, long addend, long timeoutNanos) {
    return run(slab, slabOffset, rawAddress -> NativeWords.fetchAndAdd(rawAddress, addend));
  }

  private long run(long id, long slabOffset, LongUnaryOperator operation) {
    ShmSlab slab = slabs.find(id);
    requireUsable(id, slab);
    SlabRanges.requireWord(id, slabOffset, slabBytes);
    try {
      long before = operation.applyAsLong(slab.rawAddress() + slabOffset);
      // What was done on a slab that is usable afterwards was done on the slab: see ShmSlab.
      requireUsable(id, slab);
      return before;
    } finally {
      Reference.reachabilityFence(slab);
    }
  }

  private void requireUsable(long id, ShmSlab slab) {
    if (closed.getAsBoolean()) {
      throw ShmCopier.closed();
    }
    if (slab != null && slab.remote().isLost()) {
      throw new SlabLostException("slab " + id + ": the server has ended its lease");
    }
    if (slab == null || !slab.isUsable()) {
      throw new RequestRefusedException(
          "slab " + id + " is not allocated; it was released or never existed");
    }
  }
}
