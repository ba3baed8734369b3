package io.farheap.transport.tcp;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Which slabs this client has, and on which servers. An id is a place in the table and a counter,
 * so that it is not used twice:
 *
 * <pre>
 *   63 62            24 23             0
 *  ┌──┬────────────────┬────────────────┐
 *  │ 0│ counter        │ place          │
 *  └──┴────────────────┴────────────────┘
 * </pre>
 *
 * <p>The table is written under this object's lock and read without: its array is replaced to grow,
 * and its elements are immutable but for being lost.
 */
final class SlabDirectory {
  private static final int PLACE_BITS = 24;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int FIRST_PLACES = 64;

  private volatile RemoteSlab[] slabs = new RemoteSlab[FIRST_PLACES];

  // Guarded by this object's lock.
  private final ArrayDeque<Integer> freePlaces = new ArrayDeque<>();
  private int usedPlaces;
  private long counter;
  private int count;

  /** Enters a slab that a server has allocated. */
  synchronized RemoteSlab add(RemoteServer server, long wireId, byte[] where) {
    Integer free = freePlaces.poll();
    int place = free != null ? free : usedPlaces++;
    if (place > PLACE_MASK) {
      throw new IllegalStateException("more than " + PLACE_MASK + " slabs");
    }
    RemoteSlab slab = new RemoteSlab(counter++ << PLACE_BITS | place, server, wireId, where);
    RemoteSlab[] changed =
        Arrays.copyOf(slabs, place < slabs.length ? slabs.length : 2 * slabs.length);
    changed[place] = slab;
    slabs = changed;
    count++;
    return slab;
  }

  /** The slab of an id, or null. */
  RemoteSlab find(long id) {
    RemoteSlab[] current = slabs;
    int place = (int) id & PLACE_MASK;
    RemoteSlab slab = place < current.length ? current[place] : null;
    return slab != null && slab.id() == id ? slab : null;
  }

  /** Removes a slab; false if it is not there any more. */
  synchronized boolean remove(RemoteSlab slab) {
    if (find(slab.id()) != slab) {
      return false;
    }
    int place = (int) slab.id() & PLACE_MASK;
    RemoteSlab[] changed = slabs.clone();
    changed[place] = null;
    slabs = changed;
    freePlaces.add(place);
    count--;
    return true;
  }

  /** A server has ended the lease: its slabs are lost. */
  synchronized void lose(RemoteServer server) {
    for (RemoteSlab slab : slabs) {
      if (slab != null && slab.server() == server) {
        slab.lose();
      }
    }
  }

  /** Slabs on a server that are not lost. */
  synchronized int countOn(RemoteServer server) {
    int found = 0;
    for (RemoteSlab slab : slabs) {
      if (slab != null && slab.server() == server && !slab.isLost()) {
        found++;
      }
    }
    return found;
  }

  synchronized int count() {
    return count;
  }

  synchronized void clear() {
    slabs = new RemoteSlab[slabs.length];
    count = 0;
    freePlaces.clear();
  }
}
