package io.farheap.server;

import io.farheap.base.memory.NativeRegion;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.memory.SlabRanges;

/**
 * Slabs in anonymous native memory, on huge pages where the system gives them. Memory is committed
 * when it is touched, and given back to the system, hence zero again, with its slab.
 */
final class NativeBacking implements SlabBacking {
  private record Place(int number, long rawAddress) implements SlabMemory {}

  private final NativeRegion region;
  private final long slabBytes;

  // Guarded by this object's lock.
  private final int[] freePlaces;
  private int freeCount;

  NativeBacking(int slabs, long slabBytes) {
    this.region = SlabRanges.reserve(slabs, slabBytes);
    this.slabBytes = slabBytes;
    this.freePlaces = new int[slabs];
    this.freeCount = slabs;
    for (int i = 0; i < slabs; i++) {
      freePlaces[i] = slabs - 1 - i;
    }
  }

  @Override
  public synchronized SlabMemory take(long lease) {
    if (freeCount == 0) {
      throw new FarMemoryFullException("all " + freePlaces.length + " slabs are in use");
    }
    int place = freePlaces[--freeCount];
    return new Place(place, region.rawAddress() + place * slabBytes);
  }

  @Override
  public void giveBack(SlabMemory memory) {
    int place = ((Place) memory).number;
    // Outside the lock: zeroing takes long, and nobody else knows of the place yet.
    region.discard(place * slabBytes, slabBytes);
    synchronized (this) {
      freePlaces[freeCount++] = place;
    }
  }

  /** The range itself is unmapped once nobody can reach this object any more. */
  @Override
  public void close() {
    region.discard(0, freePlaces.length * slabBytes);
  }
}
