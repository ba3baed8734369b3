package io.farheap.transport.embedded;

import io.farheap.base.memory.NativeWords;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.RequestRefusedException;
import io.farheap.transport.memory.SlabRanges;

/** Atomic operations on this process's own slabs; they take no injected latency. */
final class EmbeddedAtomics implements FarAtomics {
  private final SlabTable slabs;
  private final Copier copier;
  private final long slabBytes;

  EmbeddedAtomics(SlabTable slabs, Copier copier, long slabBytes) {
    this.slabs = slabs;
    this.copier = copier;
    this.slabBytes = slabBytes;
  }

  @Override
  public long compareAndSwap(
      long slab, long slabOffset, long expected, long replacement, long timeoutNanos) {
    requireSlab(slab);
    SlabRanges.requireWord(slab, slabOffset, slabBytes);
    long before =
        NativeWords.compareAndSwap(slabs.rawAddress(slab, slabOffset), expected, replacement);
    requireSlab(slab);
    return before;
  }

  @Override
  public long fetchAndAdd(long slab, long slabOffset, long addend, long timeoutNanos) {
    requireSlab(slab);
    SlabRanges.requireWord(slab, slabOffset, slabBytes);
    long before = NativeWords.fetchAndAdd(slabs.rawAddress(slab, slabOffset), addend);
    requireSlab(slab);
    return before;
  }

  /** Asked before and after: what was read of a slab that is still there was its own. */
  private void requireSlab(long slab) {
    if (!slabs.isAllocated(slab)) {
      if (copier.isClosed()) {
        throw Copier.lost();
      }
      throw new RequestRefusedException(
          "slab " + slab + " is not allocated; it was released or never existed");
    }
  }
}
