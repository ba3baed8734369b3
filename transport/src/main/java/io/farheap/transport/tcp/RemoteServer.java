package io.farheap.transport.tcp;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.Attached;
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
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One memory server, as a client sees it: the lease there, and the lanes that lead to it.
 *
 * <pre>
 *        all links attached           a link is lost, or a fence cannot wait
 *   AWAY ─────────────────► PRESENT ─────────────────────────────────────► AWAY
 *     └──────────────────────────┴───── close() ─────► CLOSED
 * </pre>
 *
 * <p>All links belong to one session and end together: the server carries out nothing of a session
 * once it has let in the next one, so what is sent again cannot be overtaken by its first sending.
 * {@code changes} guards the state and is held from the first lane that changes to the last.
 */
final class RemoteServer {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteServer.class);
  private static final byte[] NO_LEASE = new byte[Protocol.ID_BYTES];
  private static final byte[] NOTHING = new byte[0];
  private static final long FIRST_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_PAUSE_NANOS = 500_000_000;

  private enum State {
    AWAY,
    PRESENT,
    CLOSED
  }

  private final ServerAddress address;
  private final TcpMemory memory;
  private final TcpOptions options;
  private final Connector connections;
  private final Lane[] lanes;
  private final AtomicLong allocations = new AtomicLong();
  private final Object changes = new Object();

  // Written under changes.
  private volatile State state = State.AWAY;
  private volatile Throwable cause = new LinkFailure("not connected yet");
  private long session;
  private byte[] lease = NO_LEASE;

  /** Whether somebody has to connect while the server is away, and who does. */
  private boolean connectorWanted;

  private Thread connector;

  /** Allocations that may or may not have been carried out; asked for again first. */
  private final ArrayDeque<Long> openAllocations = new ArrayDeque<>();

  private volatile Attached attached;
  private final AtomicLong freeBytes = new AtomicLong();

  RemoteServer(ServerAddress address, TcpMemory memory, TcpOptions options, Connector connections) {
    this.address = address;
    this.memory = memory;
    this.options = options;
    this.connections = connections;
    this.lanes = new Lane[options.connections()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(this);
    }
  }

  TcpMemory memory() {
    return memory;
  }

  Keeper keeper() {
    return memory.keeper();
  }

  ServerAddress address() {
    return address;
  }

  boolean isPresent() {
    return state == State.PRESENT;
  }

  /** What the server said when it let this client in last; null before. */
  Attached attached() {
    return attached;
  }

  /** Bytes that can still be allocated there, as far as is known. */
  long freeBytes() {
    return freeBytes.get();
  }

  /** Why the server is away. */
  Throwable cause() {
    return cause;
  }

  /** The lane for requests of the calling thread. */
  Lane lane() {
    return lanes[(int) (Thread.currentThread().threadId() % lanes.length)];
  }

  void flush() {
    for (Lane lane : lanes) {
      lane.flush();
    }
  }

  /** Makes all links, once. */
  void connect() throws IOException {
    List<Connector.Attachment> attachments = new ArrayList<>();
    boolean connected = false;
    try {
      long next;
      byte[] ofLease;
      synchronized (changes) {
        next = ++session;
        ofLease = lease;
      }
      for (int i = 0; i < lanes.length; i++) {
        Connector.Attachment attachment = connections.connect(address, ofLease, next);
        attachments.add(attachment);
        ofLease = attachment.attached().lease();
        memory.requireSlabBytes(attachment.attached().slabBytes(), address);
      }
      connected = install(attachments, ofLease, next);
    } finally {
      if (!connected) {
        attachments.forEach(attachment -> attachment.link().close());
      }
    }
  }

  private boolean install(List<Connector.Attachment> attachments, byte[] newLease, long next) {
    synchronized (changes) {
      lease = newLease;
      if (state == State.CLOSED) {
        return false;
      }
      attached = attachments.getLast().attached();
      freeBytes.set(attached.freeBytes());
      for (int i = 0; i < lanes.length; i++) {
        // What an error has kept from being detached is detached now.
        lanes[i].detach(cause);
        lanes[i].attach(attachments.get(i), next);
      }
      state = State.PRESENT;
    }
    flush();
    return true;
  }

  /**
   * Ends all links of a session, and tries to make new ones. Needs no memory until the links have
   * ended; if there is none for the rest, the keeper sees to it.
   */
  void linkLost(long ofSession, Throwable why) {
    synchronized (changes) {
      if (state != State.PRESENT || session != ofSession) {
        return;
      }
      state = State.AWAY;
      cause = why;
      connectorWanted = true;
      for (Lane lane : lanes) {
        lane.detach(why);
      }
    }
    try {
      connectInBackground();
      LOG.warn("lost the connection to {}: {}", address, Replies.text(why));
    } catch (OutOfMemoryError e) {
      // A fence that ends a session has done what it must, and so it says.
      assert connectorWanted || state != State.AWAY;
    }
  }

  /** Waits until no lane is in the middle of losing its link. */
  void settle() {
    synchronized (changes) {
      assert state != null;
    }
  }

  /** Has a thread connect, unless one does already. */
  void connectInBackground() {
    synchronized (changes) {
      connectorWanted = true;
      if (state == State.AWAY && (connector == null || !connector.isAlive())) {
        connector =
            Thread.ofPlatform()
                .daemon()
                .name("farheap-tcp-" + address)
                .start(this::connectUntilPresent);
      }
    }
  }

  /** Asked by the thread that connects; once it is told no, another one may begin. */
  private boolean mustConnect() {
    synchronized (changes) {
      connectorWanted = state == State.AWAY;
      if (!connectorWanted) {
        connector = null;
      }
      return connectorWanted;
    }
  }

  private void connectUntilPresent() {
    long pauseNanos = FIRST_PAUSE_NANOS;
    while (mustConnect()) {
      try {
        connect();
        if (state == State.PRESENT) {
          LOG.info("connected to {}", address);
        }
      } catch (Connector.LeaseLost e) {
        loseLease(e);
      } catch (IOException | TransportException e) {
        cause = e;
        LockSupport.parkNanos(pauseNanos);
        pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      }
    }
  }

  /** The server has forgotten this client: what it had there is gone. */
  private void loseLease(Exception why) {
    synchronized (changes) {
      lease = NO_LEASE;
      openAllocations.clear();
      memory.directory().lose(this);
      for (Lane lane : lanes) {
        lane.failWaiting(request -> request.slab != null, request -> slabLost(request.slab));
      }
    }
    LOG.error(
        "{} has ended the lease, and the slabs there are lost: {}", address, why.getMessage());
  }

  SlabLostException slabLost(RemoteSlab slab) {
    return new SlabLostException(
        "slab " + slab.id() + " is lost: " + address + " has ended this client's lease");
  }

  /** What the keeper does here now and then. */
  void round(long nowNanos) {
    if (state == State.AWAY) {
      synchronized (changes) {
        if (state == State.AWAY) {
          for (Lane lane : lanes) {
            lane.failWaiting(
                request -> nowNanos - request.submittedNanos >= options.retryNanos(),
                request -> awayFailure());
          }
          if (connectorWanted) {
            connectInBackground();
          }
        }
      }
    } else if (state == State.PRESENT) {
      long silenceNanos = TimeUnit.MILLISECONDS.toNanos(attached.silenceMillis());
      for (Lane lane : lanes) {
        tend(lane, nowNanos, silenceNanos);
      }
    }
  }

  private void tend(Lane lane, long nowNanos, long silenceNanos) {
    long ofSession = lane.session();
    lane.receive();
    Throwable defect = lane.defect();
    if (defect != null) {
      linkLost(ofSession, defect);
      return;
    }
    if (!lane.isWaiting()) {
      if (nowNanos - lane.lastSentNanos() >= silenceNanos / 4) {
        Request renewal = new Request(Opcode.RENEW, 0, NOTHING);
        renewal.submittedNanos = nowNanos;
        renewal.onReply(this::renewed);
        lane.submit(renewal);
        lane.flush();
      }
    } else if (nowNanos - lane.lastReceivedNanos() >= silenceNanos / 4 * 3) {
      // Something was sent and received every quarter of that time before.
      linkLost(
          ofSession,
          new LinkFailure(
              "no reply for " + TimeUnit.NANOSECONDS.toMillis(silenceNanos / 4 * 3) + " ms"));
    }
  }

  private void renewed(Request renewal) {
    if (renewal.failure == null) {
      freeBytes.set(new PayloadReader(ByteBuffer.wrap(renewal.replyPayload)).i64());
    }
  }

  /**
   * Allocates a slab.
   *
   * @return the request, with the slab's id on the wire and where it can be mapped
   * @throws FarMemoryFullException if the server has none for this client
   * @throws TransportException if it cannot be asked
   */
  Request allocate() {
    Long open;
    synchronized (changes) {
      open = openAllocations.poll();
    }
    long number = open != null ? open : allocations.incrementAndGet();
    try {
      Request allocation = ask(Opcode.ALLOCATE, number, NOTHING, null, timeoutNanos());
      freeBytes.addAndGet(-memory.slabBytes());
      return allocation;
    } catch (FarMemoryFullException e) {
      freeBytes.set(0);
      throw e;
    } catch (TransportException e) {
      synchronized (changes) {
        openAllocations.add(number);
      }
      throw e;
    }
  }

  void release(RemoteSlab slab) {
    ask(Opcode.RELEASE, slab.wireId(), NOTHING, slab, timeoutNanos());
    freeBytes.addAndGet(memory.slabBytes());
  }

  long timeoutNanos() {
    return options.retryNanos() + options.connectNanos();
  }

  /**
   * Asks and waits for the answer.
   *
   * @return the request, with its reply
   * @throws TransportException what the server answers instead, or that it does not in time
   */
  Request ask(Opcode opcode, long subject, byte[] payload, RemoteSlab slab, long timeoutNanos) {
    Request request = new Request(opcode, subject, payload);
    request.slab = slab;
    request.submittedNanos = System.nanoTime();
    Lane lane = lanes[lanes.length - 1];
    lane.submit(request);
    lane.flush();
    long deadlineNanos = System.nanoTime() + timeoutNanos;
    if (!Waits.untilOver(request, deadlineNanos, System::nanoTime)) {
      lane.giveUp(request);
    }
    lane.throwFailure(request);
    return request;
  }

  /** Ends the lease and all links. */
  void close(long timeoutNanos) {
    boolean present;
    synchronized (changes) {
      present = state == State.PRESENT;
    }
    if (present) {
      try {
        ask(Opcode.GOODBYE, 0, NOTHING, null, timeoutNanos);
      } catch (TransportException e) {
        LOG.debug("{} keeps the lease until it runs out", address, e);
      }
    }
    synchronized (changes) {
      state = State.CLOSED;
      for (Lane lane : lanes) {
        lane.close(closedFailure());
      }
    }
  }

  ConnectionLostException closedFailure() {
    return new ConnectionLostException("the far memory is closed; open a new one");
  }

  private ConnectionLostException awayFailure() {
    return Replies.lost(
        address
            + " is away; nothing that was written is lost unless it stays so for longer than the"
            + " lease",
        cause);
  }

  /** The failure of what may have been carried out and must not be sent again. */
  ConnectionLostException uncertainFailure(Request request, Throwable why) {
    return Replies.lost(
        request.opcode + " may or may not have been carried out by " + address, why);
  }
}
