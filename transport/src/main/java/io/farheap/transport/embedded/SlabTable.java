package io.farheap.transport.embedded;

import io.farheap.base.memory.NativeRegion;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.memory.SlabRanges;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which slabs are allocated, and where their bytes are.
 *
 * <p>A slab id is a place in the table and how often that place was handed out, so that an id that
 * was released is never taken for its successor:
 *
 * <pre>
 *   63 62            32 31             0
 *  ┌──┬────────────────┬────────────────┐
 *  │ 0│ round, from 1  │ place          │
 *  └──┴────────────────┴────────────────┘
 * </pre>
 *
 * <p>{@code ids[place]} is the id while the slab is allocated, {@link #FREE} otherwise. It is
 * written under this object's lock with release, and read by copiers with acquire: an id that is
 * seen comes with zeroed bytes. On the way out the id is removed before the bytes are, so a copier
 * that still finds the id after its copy has read the slab's bytes and no others.
 */
final class SlabTable {
  private static final long FREE = -1;
  private static final int ROUND_SHIFT = Integer.SIZE;
  private static final int MAX_ROUND = Integer.MAX_VALUE;
  private static final VarHandle IDS = MethodHandles.arrayElementVarHandle(long[].class);

  private final NativeRegion region;
  private final long firstRawAddress;
  private final long slabBytes;
  private final long[] ids;

  // Guarded by this object's lock.
  private final int[] rounds;
  private final int[] freePlaces;
  private int freeCount;
  private int allocatedCount;
  private boolean closed;

  SlabTable(long slabs, long slabBytes) {
    this.region = SlabRanges.reserve(slabs, slabBytes);
    this.firstRawAddress = region.rawAddress();
    this.slabBytes = slabBytes;
    int places = Math.toIntExact(slabs);
    this.ids = new long[places];
    this.rounds = new int[places];
    this.freePlaces = new int[places];
    this.freeCount = places;
    for (int place = 0; place < places; place++) {
      ids[place] = FREE;
      // The stack's top is place 0, so that far memory is used from its start.
      freePlaces[places - 1 - place] = place;
    }
    VarHandle.releaseFence();
  }

  /** Hands out a zeroed slab; -1 if closed. */
  synchronized long allocate() {
    if (closed) {
      return FREE;
    }
    if (freeCount == 0) {
      throw new FarMemoryFullException(
          "all "
              + ids.length
              + " slabs of "
              + slabBytes
              + " bytes are allocated; release some or raise the capacity");
    }
    int place = freePlaces[--freeCount];
    long id = ((long) ++rounds[place] << ROUND_SHIFT) | place;
    IDS.setRelease(ids, place, id);
    allocatedCount++;
    return id;
  }

  /** Takes a slab back and forgets its bytes; false if it is not allocated. */
  synchronized boolean release(long slab) {
    if (!isAllocated(slab)) {
      return false;
    }
    int place = (int) slab;
    IDS.setVolatile(ids, place, FREE);
    allocatedCount--;
    region.discard(place * slabBytes, slabBytes);
    if (rounds[place] < MAX_ROUND) {
      freePlaces[freeCount++] = place;
    }
    return true;
  }

  /** Takes all slabs back for good. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    allocatedCount = 0;
    for (int place = 0; place < ids.length; place++) {
      IDS.setVolatile(ids, place, FREE);
    }
    region.discard(0, ids.length * slabBytes);
  }

  /** Whether the slab is allocated at this moment. */
  boolean isAllocated(long slab) {
    int place = (int) slab;
    return place >= 0 && place < ids.length && (long) IDS.getAcquire(ids, place) == slab;
  }

  /** Whether a slab has this range. */
  boolean contains(long slabOffset, int lengthBytes) {
    return slabOffset >= 0 && lengthBytes >= 0 && slabOffset <= slabBytes - lengthBytes;
  }

  /** The raw address of a byte of an allocated slab. */
  long rawAddress(long slab, long slabOffset) {
    return firstRawAddress + (int) slab * slabBytes + slabOffset;
  }

  synchronized long allocatedCount() {
    return allocatedCount;
  }

  int capacity() {
    return ids.length;
  }
}
