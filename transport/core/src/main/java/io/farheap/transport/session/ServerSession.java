package io.farheap.transport.session;

import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.TransportException;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.PayloadReader;
import io.farheap.transport.wire.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One memory server, as a client sees it: the lease there, and the lanes that lead to it.
 *
 * <p>All links belong to one session and end together: the server carries out nothing of a session
 * once it has let in the next one, so what is sent again cannot be overtaken by its first sending.
 */
public final class ServerSession implements Presence.Links {
  private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);
  private static final byte[] NO_LEASE = new byte[Protocol.ID_BYTES];
  private static final byte[] NOTHING = new byte[0];
  private static final long GOODBYE_NANOS = 500_000_000;

  private final SessionOptions options;
  private final Runnable leaseLost;
  private final Connector connector;
  private final Presence presence;
  private final Surroundings.LaneKeeper keeper;
  private final Lane[] lanes;
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong freeBytes = new AtomicLong();

  // Written by whoever connects, under the lock of the presence.
  private byte[] lease = NO_LEASE;

  /** Allocations that may or may not have been carried out; asked for again first. */
  private final ArrayDeque<Long> openAllocations = new ArrayDeque<>();

  /** Whether the server has said that it is about to stop. */
  private volatile boolean draining;

  /** How many leases were lost, hence the number of the present one. */
  private volatile long leasesLost;

  private volatile Attached attached;

  /**
   * A session that has not begun.
   *
   * @param options how the server is reached
   * @param features what it must have, as bits of {@link Protocol}
   * @param leaseLost is run when the server has forgotten this client
   */
  ServerSession(SessionOptions options, long features, Runnable leaseLost) {
    this.options = options;
    this.leaseLost = leaseLost;
    this.connector = new Connector(options, features);
    this.presence = new Presence("tcp", options.server(), options.surroundings(), this);
    this.keeper = options.surroundings().keeper(this::round);
    this.lanes = new Lane[options.connections()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(options, presence, keeper::watch, this::happened);
    }
  }

  /** The server says something unasked, on each connection. */
  private void happened(EventKind kind) {
    if (kind == EventKind.DRAINING && !draining) {
      draining = true;
      LOG.info("{} is about to stop and hands out no slabs any more", options.server());
    }
  }

  /** Begins to look after the lanes. */
  void start() {
    keeper.start();
  }

  /**
   * Whether the server is there.
   *
   * @return what decides on the connections
   */
  public Presence presence() {
    return presence;
  }

  /** What the server said when it let this client in last; null before. */
  Attached attached() {
    return attached;
  }

  /** Bytes that can still be allocated there, as far as is known. */
  long freeBytes() {
    return freeBytes.get();
  }

  /**
   * The lane for requests of the calling thread.
   *
   * @return always the same for the same thread
   */
  public Lane lane() {
    return lanes[(int) (options.surroundings().caller() % lanes.length)];
  }

  /** Sends what waits to be sent. */
  public void flush() {
    for (Lane lane : lanes) {
      lane.flush();
    }
  }

  @Override
  public void connect() throws IOException {
    try {
      makeLinks();
    } catch (Connector.LeaseLost e) {
      loseLease(e);
      makeLinks();
    }
  }

  private void makeLinks() throws IOException {
    List<Connector.Attachment> attachments = new ArrayList<>();
    boolean installed = false;
    try {
      long next = presence.nextSession();
      byte[] ofLease = lease;
      for (int i = 0; i < lanes.length; i++) {
        Connector.Attachment attachment = connector.connect(options.server(), ofLease, next);
        attachments.add(attachment);
        ofLease = attachment.attached().lease();
        requireSlabBytes(attachment.attached().slabBytes());
      }
      byte[] newLease = ofLease;
      installed = presence.install(next, () -> install(attachments, newLease, next));
    } finally {
      if (!installed) {
        attachments.forEach(attachment -> attachment.link().close());
      }
    }
    flush();
  }

  private void requireSlabBytes(long slabBytes) {
    Attached before = attached;
    if (before != null && before.slabBytes() != slabBytes) {
      throw new TransportException(
          options.server()
              + " has slabs of "
              + slabBytes
              + " bytes now, before it had such of "
              + before.slabBytes()
              + "; start it with the same slab-size as before");
    }
  }

  private void install(List<Connector.Attachment> attachments, byte[] newLease, long next) {
    lease = newLease;
    attached = attachments.getLast().attached();
    freeBytes.set(attached.freeBytes());
    draining = false; // if the new server is, it says so behind its answer
    for (int i = 0; i < lanes.length; i++) {
      lanes[i].attach(attachments.get(i), next);
    }
  }

  @Override
  public void detach(Throwable cause) {
    for (Lane lane : lanes) {
      lane.detach(cause);
    }
  }

  /** The server has forgotten this client: what it had there is gone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock of the presence.
  private void loseLease(Exception why) {
    presence.exclusively(
        () -> {
          lease = NO_LEASE;
          leasesLost++;
          openAllocations.clear();
          leaseLost.run();
          for (Lane lane : lanes) {
            lane.failWaiting(request -> request.slab() != null, ServerSession::lost);
          }
        });
    LOG.error(
        "{} has ended the lease, and the slabs there are lost: {}",
        options.server(),
        why.getMessage());
  }

  private static TransportException lost(Request request) {
    return Refusals.lost(request);
  }

  /** What the keeper does here now and then. */
  private void round(long nowNanos) {
    if (presence.round(() -> failOverdue(nowNanos))) {
      long silenceNanos = TimeUnit.MILLISECONDS.toNanos(attached.silenceMillis());
      for (Lane lane : lanes) {
        tend(lane, nowNanos, silenceNanos);
      }
    }
  }

  private void failOverdue(long nowNanos) {
    for (Lane lane : lanes) {
      lane.failWaiting(
          request -> nowNanos - request.submittedNanos() >= options.retryNanos(),
          request -> presence.awayFailure());
    }
  }

  private void tend(Lane lane, long nowNanos, long silenceNanos) {
    long ofSession = lane.session();
    lane.receive();
    Throwable defect = lane.defect();
    if (defect != null) {
      presence.lost(ofSession, defect);
    } else if (!lane.isWaiting()) {
      if (nowNanos - lane.lastSentNanos() >= silenceNanos / 4) {
        send(new Request(Opcode.RENEW, 0, NOTHING, null, this::renewed), lane);
      }
    } else if (nowNanos - lane.lastReceivedNanos() >= silenceNanos / 4 * 3) {
      // Something was sent and received every quarter of that time before.
      presence.lost(
          ofSession,
          new LinkFailure(
              "no reply for " + TimeUnit.NANOSECONDS.toMillis(silenceNanos / 4 * 3) + " ms"));
    }
  }

  private void renewed(Request renewal) {
    if (renewal.failure() == null) {
      freeBytes.set(new PayloadReader(ByteBuffer.wrap(renewal.replyPayload())).i64());
    }
  }

  private static void send(Request request, Lane lane) {
    request.start(lane);
    lane.submit(request);
    lane.flush();
  }

  /**
   * A slab that the server has allocated.
   *
   * @param wireId the id by which the server knows it
   * @param where how it is reached without the server, in the server's words
   * @param lease number of the lease that it belongs to
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Allocated(long wireId, byte[] where, long lease) {}

  /**
   * Allocates a slab.
   *
   * @return the slab, whose lease may have been lost since the server's answer was read
   * @throws FarMemoryFullException if the server has none for this client
   * @throws TransportException if it cannot be asked
   */
  Allocated allocate() {
    if (draining) {
      throw new FarMemoryFullException(
          options.server() + " is about to stop and hands out no slabs any more");
    }
    long number = nextAllocation();
    try {
      AtomicLong ofLease = new AtomicLong();
      Request request =
          new Request(Opcode.ALLOCATE, number, NOTHING, null, _ -> ofLease.set(leasesLost));
      ask(request, timeoutNanos());
      freeBytes.addAndGet(-attached.slabBytes());
      return new Allocated(request.replySubject(), request.replyPayload(), ofLease.get());
    } catch (FarMemoryFullException e) {
      freeBytes.set(0);
      throw e;
    } catch (TransportException e) {
      presence.exclusively(() -> openAllocations.add(number));
      throw e;
    }
  }

  /** Whether a lease has been lost; if so, its slabs were, or are being, told. */
  boolean isLost(long ofLease) {
    return ofLease != leasesLost;
  }

  private long nextAllocation() {
    long[] number = new long[1];
    presence.exclusively(
        () -> {
          Long open = openAllocations.poll();
          number[0] = open != null ? open : allocations.incrementAndGet();
        });
    return number[0];
  }

  /** Gives a slab back. */
  void release(long wireId, ServerSlab slab) {
    ask(Opcode.RELEASE, wireId, NOTHING, slab, timeoutNanos());
    freeBytes.addAndGet(attached.slabBytes());
  }

  /** How long a request may take that nobody has set a limit for. */
  long timeoutNanos() {
    return options.retryNanos() + options.connectNanos();
  }

  /**
   * Asks and waits for the answer.
   *
   * @return the request, with its reply
   * @throws TransportException what the server answers instead, or that it does not in time
   */
  Request ask(Opcode opcode, long subject, byte[] payload, ServerSlab slab, long timeoutNanos) {
    Request request = new Request(opcode, subject, payload, slab, null);
    ask(request, timeoutNanos);
    return request;
  }

  private void ask(Request request, long timeoutNanos) {
    Lane lane = lanes[lanes.length - 1];
    send(request, lane);
    long deadlineNanos = lane.nanoTime() + timeoutNanos;
    if (!Waits.untilOver(request, deadlineNanos, lane::nanoTime)) {
      lane.giveUp(request);
    }
    lane.throwFailure(request);
  }

  /** Ends the lease and all links. */
  void close() {
    if (presence.isPresent()) {
      try {
        ask(Opcode.GOODBYE, 0, NOTHING, null, GOODBYE_NANOS);
      } catch (TransportException e) {
        LOG.debug("{} keeps the lease until it runs out", options.server(), e);
      }
    }
    presence.close(
        () -> {
          for (Lane lane : lanes) {
            lane.close(Refusals.closed());
          }
        });
    keeper.stop();
  }
}
