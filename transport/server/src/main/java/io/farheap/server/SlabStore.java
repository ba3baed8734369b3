package io.farheap.server;

import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.wire.Status;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which slabs are allocated, to whom, and where their bytes are.
 *
 * <p>A slab id is the slab's place and a number that is never used again:
 *
 * <pre>
 *   63 62            24 23             0
 *  ┌──┬────────────────┬────────────────┐
 *  │ 0│ counter        │ place          │
 *  └──┴────────────────┴────────────────┘
 * </pre>
 *
 * <p>{@code slabs[place]} is set with release once the slab's lease knows it and cleared before its
 * bytes are given back. A request that finds it while it is inside its lease (see {@link Lease})
 * may touch the bytes until it leaves.
 */
final class SlabStore {
  private static final int PLACE_BITS = 24;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

  /** Most slabs. */
  static final int MAX_SLABS = 1 << PLACE_BITS;

  private final SlabBacking backing;
  private final long slabBytes;
  private final AtomicReferenceArray<Slab> slabs;

  // Guarded by this object's lock.
  private final int[] freePlaces;
  private int freeCount;
  private long counter;

  private volatile boolean draining;

  SlabStore(SlabBacking backing, int capacity, long slabBytes) {
    this.backing = backing;
    this.slabBytes = slabBytes;
    this.slabs = new AtomicReferenceArray<>(capacity);
    this.freePlaces = new int[capacity];
    this.freeCount = capacity;
    for (int i = 0; i < capacity; i++) {
      freePlaces[i] = capacity - 1 - i;
    }
  }

  long slabBytes() {
    return slabBytes;
  }

  int capacity() {
    return slabs.length();
  }

  synchronized int allocated() {
    return slabs.length() - freeCount;
  }

  /** Bytes that a tenant can still have. */
  long freeBytes(Tenant tenant) {
    long free;
    synchronized (this) {
      free = freeCount * slabBytes;
    }
    return Math.min(free, tenant.freeBytes());
  }

  /**
   * Allocates a slab to a lease, or finds the one that it has under this number already.
   *
   * @throws Refusal if there is none left, for anybody or for this tenant
   */
  Slab allocate(Lease lease, long session, long allocation) {
    long stamp = lease.enter(session);
    try {
      Slab known = lease.allocated(allocation);
      if (known != null) {
        return known;
      }
    } finally {
      lease.leave(stamp);
    }
    if (draining) {
      throw Refusal.of(Status.DRAINING, "the server is about to stop and hands out no slabs");
    }
    long id;
    synchronized (this) {
      if (freeCount == 0) {
        throw Refusal.of(
            Status.FULL, "all " + slabs.length() + " slabs of " + slabBytes + " are allocated");
      }
      if (!lease.tenant().charge(slabBytes)) {
        throw Refusal.of(
            Status.OVER_QUOTA,
            "tenant '"
                + lease.tenant().name()
                + "' has used its quota of "
                + lease.tenant().quotaBytes());
      }
      id = (counter++ << PLACE_BITS) | freePlaces[--freeCount];
    }
    return install(id, lease, session, allocation);
  }

  private Slab install(long id, Lease lease, long session, long allocation) {
    SlabMemory memory = null;
    boolean installed = false;
    try {
      memory = backing.take(lease.number());
      Slab slab = new Slab(id, allocation, lease, memory);
      lease.add(slab, session);
      slabs.setRelease(place(id), slab);
      installed = true;
      return slab;
    } catch (FarMemoryFullException e) {
      throw Refusal.of(Status.FULL, e.getMessage());
    } finally {
      if (!installed) {
        giveBack(id, lease, memory);
      }
    }
  }

  /** From now on no slab is handed out. */
  void drain() {
    draining = true;
  }

  /** Whether no slab is handed out any more. */
  boolean isDraining() {
    return draining;
  }

  /**
   * The bytes of a range of a slab. The caller is inside the lease.
   *
   * @return raw address of the first byte
   * @throws Refusal if the slab is not the lease's, or the range not inside it
   */
  long rawAddress(Lease lease, long id, int offset, int lengthBytes) {
    Slab slab = find(lease, id);
    if (offset < 0 || lengthBytes < 0 || offset > slabBytes - lengthBytes) {
      throw Refusal.of(
          Status.BAD_RANGE,
          lengthBytes + " bytes at " + offset + " are not inside a slab of " + slabBytes);
    }
    return slab.memory().rawAddress() + offset;
  }

  private Slab find(Lease lease, long id) {
    int place = place(id);
    Slab slab = id >= 0 && place < slabs.length() ? slabs.getAcquire(place) : null;
    if (slab == null || slab.id() != id || slab.lease() != lease) {
      throw Refusal.of(Status.NO_SUCH_SLAB, "slab " + id + " is not allocated to this client");
    }
    return slab;
  }

  /**
   * Takes a slab back.
   *
   * @throws Refusal if it is not the lease's
   */
  void release(Lease lease, long session, long id) {
    Slab slab = find(lease, id);
    if (!lease.remove(slab, session)) {
      throw Refusal.of(Status.NO_SUCH_SLAB, "slab " + id + " is being released already");
    }
    free(slab);
  }

  /** Takes all slabs of a lease back and ends it. */
  void endLease(Lease lease) {
    lease.end().forEach(this::free);
    backing.leaseEnded(lease.number());
  }

  private void free(Slab slab) {
    slabs.set(place(slab.id()), null);
    giveBack(slab.id(), slab.lease(), slab.memory());
  }

  private void giveBack(long id, Lease lease, SlabMemory memory) {
    if (memory != null) {
      backing.giveBack(memory);
    }
    synchronized (this) {
      freePlaces[freeCount++] = place(id);
    }
    lease.tenant().refund(slabBytes);
  }

  private static int place(long id) {
    return (int) id & PLACE_MASK;
  }
}
