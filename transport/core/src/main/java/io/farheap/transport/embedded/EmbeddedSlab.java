package io.farheap.transport.embedded;

import io.farheap.base.memory.NativeRegion;
import io.farheap.transport.mapped.Mapped;
import io.farheap.transport.slab.Slab;
import io.farheap.transport.slab.SlabTable;

/** A slab at its place in the reserved memory. */
final class EmbeddedSlab extends Slab implements Mapped {
  /** Stays mapped as long as it is reachable. */
  private final NativeRegion region;

  private final long offset;
  private final long rawAddress;

  EmbeddedSlab(long id, NativeRegion region, long slabBytes) {
    super(id);
    this.region = region;
    this.offset = SlabTable.place(id) * slabBytes;
    this.rawAddress = region.rawAddress() + offset;
  }

  @Override
  public long rawAddress() {
    return rawAddress;
  }

  /** Forgets its bytes: they are zero from now on, and take no memory. */
  void discard(long slabBytes) {
    region.discard(offset, slabBytes);
  }
}
