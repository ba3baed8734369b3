package io.farheap.server;

import io.farheap.rdma.fabric.Fabric;
import io.farheap.rdma.fabric.Listener;
import io.farheap.rdma.fabric.Registration;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.QueuePairOffer;
import io.farheap.transport.wire.Status;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets queue pairs in, each by a secret that its client was given over its connection, into the
 * domain of that client's lease. A secret is good once, and for a short time.
 *
 * <p>One thread of its own hears the device. Leases begin and end on the threads of their callers.
 */
final class RdmaDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaDoor.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int SECRET_MILLIS = 30_000;
  private static final long STOP_MILLIS = 5_000;

  private final Fabric fabric;
  private final Listener listener;
  private final LongSupplier clock;
  private final SecureRandom random;
  private final Map<Long, RdmaLease> leases = new ConcurrentHashMap<>();
  private final Map<ByteBuffer, Invitation> invitations = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * What a secret is good for.
   *
   * @param lease whose queue pair it may be
   * @param place which one
   * @param dueNanos until when
   */
  private record Invitation(RdmaLease lease, int place, long dueNanos) {}

  RdmaDoor(Fabric fabric, Listener listener, LongSupplier clock, SecureRandom random) {
    this.fabric = fabric;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
    this.thread = Thread.ofPlatform().daemon().name("farheap-server-rdma").unstarted(this::run);
  }

  /** Listens where a configuration says; closes the fabric if it cannot. */
  static RdmaDoor open(Fabric fabric, ServerConfig config) {
    RdmaDoor door = null;
    try {
      Listener listener = fabric.listen(config.rdma().orElseThrow().address());
      door = new RdmaDoor(fabric, listener, System::nanoTime, new SecureRandom());
      return door;
    } finally {
      if (door == null) {
        fabric.close();
      }
    }
  }

  void start() {
    thread.start();
  }

  Listener listener() {
    return listener;
  }

  /**
   * Registers a slab for the queue pairs of its lease.
   *
   * @throws TransportException if the device or the system refuses
   */
  Registration register(long lease, long rawAddress, long slabBytes) {
    return lease(lease).register(rawAddress, slabBytes);
  }

  private RdmaLease lease(long number) {
    return leases.computeIfAbsent(number, key -> new RdmaLease(listener));
  }

  /**
   * Offers a queue pair to a lease. The one that was in its place is ended first, so that nothing
   * which came on it is carried out any more.
   *
   * @throws Refusal if there is no such place
   */
  QueuePairOffer offer(long number, long place) {
    if (place < 0 || place >= Protocol.MAX_QUEUE_PAIRS) {
      throw Refusal.of(
          Status.BAD_RANGE,
          "queue pair " + place + "; there are 0 to " + (Protocol.MAX_QUEUE_PAIRS - 1));
    }
    RdmaLease lease = lease(number);
    lease.vacate((int) place);
    long nowNanos = clock.getAsLong();
    invitations
        .values()
        .removeIf(
            other ->
                nowNanos - other.dueNanos >= 0 || (other.lease == lease && other.place == place));
    byte[] secret = new byte[Protocol.SECRET_BYTES];
    random.nextBytes(secret);
    long dueNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(SECRET_MILLIS);
    invitations.put(ByteBuffer.wrap(secret), new Invitation(lease, (int) place, dueNanos));
    return new QueuePairOffer(secret, listener.address(), SECRET_MILLIS, listener.hasAtomics());
  }

  /** A lease is over, and its slabs' registrations are closed: its queue pairs go too. */
  void leaseEnded(long number) {
    RdmaLease lease = leases.remove(number);
    if (lease != null) {
      invitations.values().removeIf(invitation -> invitation.lease == lease);
      lease.end();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        Optional<Listener.Event> event = listener.next(LOOK_NANOS);
        event.ifPresent(this::handle);
      } catch (RuntimeException e) {
        // One queue pair that fails must not keep others out.
        LOG.warn("a request for a queue pair failed: {}", e.getMessage());
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private void handle(Listener.Event event) {
    switch (event) {
      case Listener.Knock knock -> admit(knock);
      case Listener.Departure departure -> depart(departure.peer());
    }
  }

  private void admit(Listener.Knock knock) {
    Invitation invitation = redeem(knock.secret());
    if (invitation == null || !invitation.lease.admit(knock, invitation.place)) {
      LOG.info("refused a queue pair: its secret is unknown, used or too old");
      knock.refuse();
    }
  }

  /** What a secret was good for, which it is no more; null if nothing. */
  private Invitation redeem(byte[] secret) {
    if (secret.length < Protocol.SECRET_BYTES) {
      return null;
    }
    ByteBuffer key = ByteBuffer.wrap(Arrays.copyOf(secret, Protocol.SECRET_BYTES));
    Invitation invitation = invitations.remove(key);
    return invitation == null || clock.getAsLong() - invitation.dueNanos >= 0 ? null : invitation;
  }

  private void depart(Listener.Peer peer) {
    leases.values().forEach(lease -> lease.departed(peer));
    peer.close();
  }

  /** Ends all queue pairs and domains; all registrations are closed. */
  @Override
  public void close() {
    stopped = true;
    try {
      if (thread.isAlive()) {
        thread.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leases.keySet().forEach(this::leaseEnded);
    listener.close();
    fabric.close();
  }
}
