package io.farheap.transport.shm;

import java.util.ArrayList;
import java.util.List;

/**
 * The mapped slabs by their ids, open addressing with linear probing.
 *
 * <p>The array is never changed once readers can see it: writers, under this object's lock, put
 * another one in its place. It is at most half full, so a probe always ends.
 */
final class ShmTable {
  private static final int FIRST_PLACES = 64;
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private volatile ShmSlab[] places = new ShmSlab[FIRST_PLACES];

  /** Guarded by this object's lock. */
  private int count;

  /** The slab of an id, or null if it is not mapped. */
  ShmSlab find(long id) {
    ShmSlab[] current = places;
    int mask = current.length - 1;
    int place = first(id, mask);
    while (true) {
      ShmSlab slab = current[place];
      if (slab == null || slab.id() == id) {
        return slab;
      }
      place = (place + 1) & mask;
    }
  }

  synchronized void add(ShmSlab slab) {
    List<ShmSlab> slabs = list();
    slabs.add(slab);
    replace(slabs);
  }

  /** Removes a slab; false if it is not there any more. */
  synchronized boolean remove(ShmSlab slab) {
    List<ShmSlab> slabs = list();
    boolean removed = slabs.remove(slab);
    replace(slabs);
    return removed;
  }

  /** Removes and answers all slabs. */
  synchronized List<ShmSlab> clear() {
    List<ShmSlab> slabs = list();
    replace(List.of());
    return slabs;
  }

  private List<ShmSlab> list() {
    List<ShmSlab> slabs = new ArrayList<>(count + 1);
    for (ShmSlab slab : places) {
      if (slab != null) {
        slabs.add(slab);
      }
    }
    return slabs;
  }

  private void replace(List<ShmSlab> slabs) {
    count = slabs.size();
    ShmSlab[] next = new ShmSlab[Math.max(FIRST_PLACES, 4 * Integer.highestOneBit(count))];
    int mask = next.length - 1;
    for (ShmSlab slab : slabs) {
      int place = first(slab.id(), mask);
      while (next[place] != null) {
        place = (place + 1) & mask;
      }
      next[place] = slab;
    }
    places = next;
  }

  private static int first(long id, int mask) {
    return (int) ((id * SPREAD) >>> Integer.SIZE) & mask;
  }
}
