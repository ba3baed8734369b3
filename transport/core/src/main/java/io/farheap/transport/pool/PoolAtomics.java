package io.farheap.transport.pool;

import io.farheap.transport.FarAtomics;
import io.farheap.transport.RequestRefusedException;
import java.util.function.LongFunction;

/** Atomic operations by the member that has the slab. */
final class PoolAtomics implements FarAtomics {
  private final LongFunction<PoolSlab> slabs;

  /** Operations on slabs; the function answers the one of an id, or throws. */
  PoolAtomics(LongFunction<PoolSlab> slabs) {
    this.slabs = slabs;
  }

  @Override
  public long compareAndSwap(
      long slab, long slabOffset, long expected, long replacement, long timeoutNanos) {
    PoolSlab on = slabs.apply(slab);
    return of(on).compareAndSwap(on.memberId(), slabOffset, expected, replacement, timeoutNanos);
  }

  @Override
  public long fetchAndAdd(long slab, long slabOffset, long addend, long timeoutNanos) {
    PoolSlab on = slabs.apply(slab);
    return of(on).fetchAndAdd(on.memberId(), slabOffset, addend, timeoutNanos);
  }

  private static FarAtomics of(PoolSlab slab) {
    return slab.member()
        .memory()
        .atomics()
        .orElseThrow(
            () ->
                new RequestRefusedException(
                    slab.member().locator() + " has no atomic operations for its slabs"));
  }
}
