package io.farheap.server;

import io.farheap.transport.wire.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.StampedLock;

/**
 * What a server keeps for one client: its slabs, until the lease ends.
 *
 * <pre>
 *            ATTACH, higher session         GOODBYE, or silence for the lease time
 *   (new) ──► LIVE(session) ──┐ ─────────────────────────────► ENDED
 *                 ▲───────────┘
 * </pre>
 *
 * <p>Every request holds {@link #lock} for reading while it touches slabs; whoever raises the
 * session, releases a slab or ends the lease holds it for writing. So after that nothing of an
 * earlier session, and nothing on the slab, is being carried out or ever will be.
 */
final class Lease {
  private final long number;
  private final Tenant tenant;
  private final StampedLock lock = new StampedLock();
  private volatile long lastSeenNanos;

  // Written under the lock for writing, read under it either way.
  private long session;
  private boolean ended;
  private final Map<Long, Slab> byAllocation = new HashMap<>();

  Lease(long number, Tenant tenant, long session, long nowNanos) {
    this.number = number;
    this.tenant = tenant;
    this.session = session;
    this.lastSeenNanos = nowNanos;
  }

  long number() {
    return number;
  }

  Tenant tenant() {
    return tenant;
  }

  /** The client gave a sign of life. */
  void seen(long nowNanos) {
    lastSeenNanos = nowNanos;
  }

  long silentNanos(long nowNanos) {
    return nowNanos - lastSeenNanos;
  }

  /**
   * Begins to carry out a request on slabs.
   *
   * @return a stamp for {@link #leave}
   * @throws Refusal if the lease has ended or the session is not the current one any more
   */
  long enter(long ofSession) {
    long stamp = lock.readLock();
    if (ended || session != ofSession) {
      boolean lost = ended;
      lock.unlockRead(stamp);
      throw lost ? lost() : superseded(ofSession);
    }
    return stamp;
  }

  void leave(long stamp) {
    lock.unlockRead(stamp);
  }

  /** Makes a session the current one, or joins it; nothing of earlier ones happens afterwards. */
  void attach(long ofSession) {
    long stamp = lock.writeLock();
    try {
      requireLive();
      if (ofSession < session) {
        throw superseded(ofSession);
      }
      session = ofSession;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** The slab that the client has asked for under a number, or null. */
  Slab allocated(long allocation) {
    return byAllocation.get(allocation);
  }

  /**
   * Adds a slab.
   *
   * @throws Refusal if the lease has ended or a later session is current
   */
  void add(Slab slab, long ofSession) {
    long stamp = lock.writeLock();
    try {
      requireLive();
      if (session != ofSession) {
        throw superseded(ofSession);
      }
      byAllocation.put(slab.allocation(), slab);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Removes a slab, if it is this lease's; afterwards no request touches it. */
  boolean remove(Slab slab, long ofSession) {
    long stamp = lock.writeLock();
    try {
      requireLive();
      if (session != ofSession) {
        throw superseded(ofSession);
      }
      return byAllocation.remove(slab.allocation(), slab);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Ends the lease; answers its slabs, which no request touches any more. Empty if ended before.
   */
  List<Slab> end() {
    long stamp = lock.writeLock();
    try {
      ended = true;
      List<Slab> slabs = new ArrayList<>(byAllocation.values());
      byAllocation.clear();
      return slabs;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void requireLive() {
    if (ended) {
      throw lost();
    }
  }

  private static Refusal lost() {
    return Refusal.ending(Status.LEASE_LOST, "the lease has ended and its slabs are gone");
  }

  private Refusal superseded(long ofSession) {
    return Refusal.ending(
        Status.SUPERSEDED, "session " + ofSession + " has ended; the current one is " + session);
  }
}
