package io.farheap.transport.mapped;

import io.farheap.base.memory.NativeWords;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.memory.SlabRanges;
import java.lang.ref.Reference;
import java.util.function.LongUnaryOperator;

/**
 * Atomic operations on mapped slabs, by this machine's processors; they take no injected latency.
 */
public final class MappedAtomics implements FarAtomics {
  private final Copier<?> copier;

  /**
   * Operations on the slabs of a copier.
   *
   * @param copier knows the slabs
   */
  public MappedAtomics(Copier<?> copier) {
    this.copier = copier;
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
    Mapped slab = copier.require(id);
    SlabRanges.requireWord(id, slabOffset, copier.slabBytes());
    try {
      long before = operation.applyAsLong(slab.rawAddress() + slabOffset);
      // What was done on a slab that is usable afterwards was done on the slab: see Copier.
      copier.require(id);
      return before;
    } finally {
      Reference.reachabilityFence(slab);
    }
  }
}
