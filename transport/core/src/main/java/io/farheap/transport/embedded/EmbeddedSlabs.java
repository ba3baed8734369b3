package io.farheap.transport.embedded;

import io.farheap.base.memory.NativeRegion;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.memory.SlabRanges;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.slab.SlabTable;

/**
 * The slabs of this process's own memory, which is reserved at once and committed as it is touched.
 */
final class EmbeddedSlabs {
  private final NativeRegion region;
  private final SlabTable<EmbeddedSlab> table;
  private final int places;
  private final long slabBytes;
  private volatile boolean closed;

  EmbeddedSlabs(long places, long slabBytes) {
    this.region = SlabRanges.reserve(places, slabBytes);
    this.places = Math.toIntExact(places);
    this.table = new SlabTable<>(this.places);
    this.slabBytes = slabBytes;
  }

  /** The slab of an id, or null. */
  EmbeddedSlab find(long id) {
    return table.find(id);
  }

  /** Hands out a zeroed slab. */
  EmbeddedSlab allocate() {
    EmbeddedSlab slab = table.add(id -> new EmbeddedSlab(id, region, slabBytes));
    if (slab != null) {
      return slab;
    }
    if (closed) {
      throw Refusals.closed();
    }
    throw new FarMemoryFullException(
        "all "
            + places
            + " slabs of "
            + slabBytes
            + " bytes are allocated; release some or raise the capacity");
  }

  /** Takes a slab back and forgets its bytes. */
  void release(long id) {
    EmbeddedSlab slab = table.find(id);
    if (slab == null || !table.remove(slab, removed -> removed.discard(slabBytes))) {
      throw closed ? Refusals.closed() : Refusals.notAllocated("slab " + id);
    }
  }

  /** Takes all slabs back for good. */
  void close() {
    closed = true;
    table.close();
    region.discard(0, places * slabBytes);
  }

  int count() {
    return table.count();
  }

  int capacity() {
    return places;
  }
}
