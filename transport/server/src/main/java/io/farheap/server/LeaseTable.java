package io.farheap.server;

import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The leases of all clients, by their secret ids. */
final class LeaseTable {
  /** Leases are looked at far more often than this part of their time. */
  private static final int STOPPED_SHARE = 4;

  private static final byte[] NONE = new byte[Protocol.ID_BYTES];

  private final SlabStore slabs;
  private final long leaseNanos;
  private final SecureRandom random;
  private final Map<ByteBuffer, Lease> leases = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final LongAdder lost = new LongAdder();

  /** When leases were looked at last. */
  private long lastExpiryNanos;

  /** No leases yet; {@code random} makes their ids. */
  LeaseTable(SlabStore slabs, long leaseNanos, SecureRandom random, long nowNanos) {
    this.slabs = slabs;
    this.leaseNanos = leaseNanos;
    this.random = random;
    this.lastExpiryNanos = nowNanos;
  }

  /** A lease and the id under which its client takes it up again. */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Found(byte[] id, Lease lease) {}

  /**
   * Begins a lease, or takes one up again.
   *
   * @param id zeros for a new lease
   * @throws Refusal if there is no such lease of this tenant, or a later session is current
   */
  Found attach(byte[] id, Tenant tenant, long session, long nowNanos) {
    if (Arrays.equals(id, NONE)) {
      byte[] newId = new byte[Protocol.ID_BYTES];
      random.nextBytes(newId);
      Lease lease = new Lease(numbers.incrementAndGet(), tenant, session, nowNanos);
      leases.put(ByteBuffer.wrap(newId), lease);
      return new Found(newId, lease);
    }
    Lease lease = leases.get(ByteBuffer.wrap(id));
    if (lease == null || lease.tenant() != tenant) {
      throw Refusal.ending(Status.LEASE_LOST, "there is no such lease; it may have run out");
    }
    lease.attach(session);
    lease.seen(nowNanos);
    return new Found(id, lease);
  }

  /** Milliseconds that are left of a lease. */
  long leftMillis(Lease lease, long nowNanos) {
    return Math.max(0, leaseNanos - lease.silentNanos(nowNanos)) / 1_000_000;
  }

  /** Ends a lease at its client's wish. */
  void end(byte[] id) {
    Lease lease = leases.remove(ByteBuffer.wrap(id));
    if (lease != null) {
      slabs.endLease(lease);
    }
  }

  /**
   * Ends the leases whose clients have been silent for too long. If this process itself was stopped
   * meanwhile, nobody could be heard, and all leases begin anew. Called by one thread.
   */
  void expire(long nowNanos) {
    boolean stopped = nowNanos - lastExpiryNanos > leaseNanos / STOPPED_SHARE;
    lastExpiryNanos = nowNanos;
    if (stopped) {
      leases.values().forEach(lease -> lease.seen(nowNanos));
      return;
    }
    leases.forEach(
        (id, lease) -> {
          if (lease.silentNanos(nowNanos) > leaseNanos && leases.remove(id, lease)) {
            lost.increment();
            slabs.endLease(lease);
          }
        });
  }

  /** Ends all leases. */
  void close() {
    leases.forEach(
        (id, lease) -> {
          if (leases.remove(id, lease)) {
            slabs.endLease(lease);
          }
        });
  }

  int size() {
    return leases.size();
  }

  long lost() {
    return lost.sum();
  }
}
