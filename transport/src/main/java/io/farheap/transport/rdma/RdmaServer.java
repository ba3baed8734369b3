package io.farheap.transport.rdma;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import io.farheap.transport.rdma.fabric.Fabric;
import io.farheap.transport.rdma.fabric.QueuePair;
import io.farheap.transport.tcp.ServerAddress;
import io.farheap.transport.tcp.TcpOptions;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.QueuePairOffer;
import io.farheap.transport.wire.WireException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes to one memory server, and whether they lead there.
 *
 * <pre>
 *        all queue pairs connected        one is lost, or a fence cannot wait
 *   AWAY ─────────────────────────► PRESENT ─────────────────────────────────► AWAY
 *     └────────────────────────────────┴───── close() ─────► CLOSED
 * </pre>
 *
 * <p>All queue pairs come and go together. Before the server offers a new one it ends the one in
 * whose place it comes, and nothing is posted on new ones before all are there. So when an
 * operation is posted again, on whichever lane, its first posting has been carried out or never
 * will be, and cannot overtake it. {@code changes} guards the state and is held from the first lane
 * that changes to the last.
 */
final class RdmaServer {
  private static final Logger LOG = LoggerFactory.getLogger(RdmaServer.class);
  private static final long FIRST_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_PAUSE_NANOS = 500_000_000;
  private static final long STOP_MILLIS = 5_000;
  private static final long STALL_NANOS = 3_000_000_000L;

  private enum State {
    AWAY,
    PRESENT,
    CLOSED
  }

  private final RdmaMemory memory;
  private final Fabric fabric;
  private final TcpOptions options;
  private final int number;
  private final Lane[] lanes;
  private final Object changes = new Object();

  // Written under changes.
  private volatile State state = State.AWAY;
  private volatile Throwable cause = new ConnectionLostException("not connected yet");
  private long session;

  /** The thread that connects in the background, or did; null if none ever had to. */
  private volatile Thread connecting;

  private volatile boolean atomics;

  RdmaServer(RdmaMemory memory, Fabric fabric, TcpOptions options, int number) {
    this.memory = memory;
    this.fabric = fabric;
    this.options = options;
    this.number = number;
    this.lanes = new Lane[options.connections()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(this);
    }
  }

  RdmaMemory memory() {
    return memory;
  }

  ServerAddress address() {
    return options.servers().get(number);
  }

  boolean isPresent() {
    return state == State.PRESENT;
  }

  boolean hasAtomics() {
    return atomics;
  }

  /** The lane for operations of the calling thread. */
  Lane lane() {
    return lanes[(int) (Thread.currentThread().threadId() % lanes.length)];
  }

  void flush() {
    for (Lane lane : lanes) {
      lane.flush();
    }
  }

  /**
   * Connects all queue pairs, once.
   *
   * @throws TransportException if one cannot be had
   */
  void connect() {
    List<QueuePair> pairs = new ArrayList<>();
    boolean installed = false;
    try {
      boolean haveAtomics = true;
      for (int place = 0; place < lanes.length; place++) {
        QueuePairOffer offer = offer(place);
        haveAtomics &= offer.atomics();
        long deadlineNanos = System.nanoTime() + options.connectNanos();
        QueuePair pair = fabric.connect(offer.address(), offer.secret(), deadlineNanos);
        pairs.add(pair);
        memory.region().add(pair.domain());
      }
      atomics = haveAtomics;
      installed = install(pairs);
    } finally {
      if (!installed) {
        pairs.forEach(QueuePair::close);
      }
    }
  }

  private QueuePairOffer offer(int place) {
    byte[] answer = memory.control().ask(number, Opcode.QUEUE_PAIR, place);
    try {
      return QueuePairOffer.decode(ByteBuffer.wrap(answer));
    } catch (WireException e) {
      throw new TransportException(address() + " offers no queue pair", e);
    }
  }

  private boolean install(List<QueuePair> pairs) {
    synchronized (changes) {
      if (state == State.CLOSED) {
        return false;
      }
      long next = ++session;
      for (int i = 0; i < lanes.length; i++) {
        try {
          // What an error has kept from being detached is detached now.
          lanes[i].detach(cause);
          lanes[i].attach(pairs.get(i), next);
        } catch (TransportException e) {
          for (int j = 0; j < i; j++) {
            lanes[j].detach(e);
          }
          throw e;
        }
      }
      state = State.PRESENT;
    }
    flush();
    return true;
  }

  /** Gives all queue pairs of a session up, and tries to connect new ones. */
  void lost(long ofSession, Throwable why) {
    synchronized (changes) {
      if (state != State.PRESENT || session != ofSession) {
        return;
      }
      state = State.AWAY;
      cause = why;
      for (Lane lane : lanes) {
        lane.detach(why);
      }
    }
    LOG.warn("lost the queue pairs to {}: {}", address(), Lane.text(why));
    connectInBackground();
  }

  /** Waits until no lane is in the middle of losing its queue pair. */
  void settle() {
    synchronized (changes) {
      assert state != null;
    }
  }

  void connectInBackground() {
    synchronized (changes) {
      if (state == State.AWAY) {
        connecting =
            Thread.ofPlatform()
                .daemon()
                .name("farheap-rdma-" + address())
                .start(this::connectUntilPresent);
      }
    }
  }

  private void connectUntilPresent() {
    long pauseNanos = FIRST_PAUSE_NANOS;
    while (state == State.AWAY) {
      try {
        connect();
        LOG.info("connected queue pairs to {}", address());
        return;
      } catch (TransportException e) {
        cause = e;
        LockSupport.parkNanos(pauseNanos);
        pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
      } catch (RuntimeException e) {
        cause = e;
        LOG.error("cannot connect queue pairs to {}", address(), e);
        LockSupport.parkNanos(LONGEST_PAUSE_NANOS);
      }
    }
  }

  /** What the keeper does here now and then. */
  void round(long nowNanos) {
    if (state == State.AWAY) {
      synchronized (changes) {
        if (state == State.AWAY) {
          for (Lane lane : lanes) {
            lane.failWaiting(operation -> operation.slab.isLost(), RdmaServer::slabLost);
            lane.failWaiting(
                operation -> nowNanos - operation.submittedNanos >= options.retryNanos(),
                operation -> awayFailure());
          }
        }
      }
    } else if (state == State.PRESENT) {
      for (Lane lane : lanes) {
        long ofSession = lane.session();
        Throwable defect = lane.tend(nowNanos, STALL_NANOS);
        if (defect != null) {
          lost(ofSession, defect);
        }
      }
    }
  }

  void close() {
    synchronized (changes) {
      state = State.CLOSED;
      for (Lane lane : lanes) {
        lane.close(closedFailure());
      }
    }
  }

  /** Waits for the thread that connects, after the closing: it must use no device any more. */
  void awaitConnecting() {
    Thread thread = connecting;
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.NANOSECONDS.toMillis(options.connectNanos()) + STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static ConnectionLostException closedFailure() {
    return new ConnectionLostException("the far memory is closed; open a new one");
  }

  static SlabLostException slabLost(Operation operation) {
    return new SlabLostException(operation + ": the server has ended the lease of the slab");
  }

  private ConnectionLostException awayFailure() {
    return new ConnectionLostException(
        address()
            + " is away; nothing that was written is lost unless it stays so for longer than the"
            + " lease ("
            + Lane.text(cause)
            + ")");
  }
}
