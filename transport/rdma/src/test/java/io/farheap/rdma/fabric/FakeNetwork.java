package io.farheap.rdma.fabric;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network of RDMA devices in this process, with the faults that real ones have. It keeps the
 * rules on which the transport relies and no others: requests of one queue pair are carried out in
 * order, those of several in any; what an aborted queue pair has sent may still be carried out
 * until its peer is closed.
 */
public final class FakeNetwork {
  private static final int FIRST_PORT = 40_000;

  final SplittableRandom random;
  private final Map<Integer, FakeListener> listeners = new ConcurrentHashMap<>();
  private final List<FakeQueuePair> pairs = new ArrayList<>();
  private final AtomicInteger ports = new AtomicInteger(FIRST_PORT);
  private final AtomicInteger doorbells = new AtomicInteger();
  private final AtomicInteger posted = new AtomicInteger();

  /** Whether nothing is carried out for the time being. */
  private volatile boolean stalled;

  /** Whether requests in flight when a queue pair is aborted arrive late, or never. */
  private volatile boolean lateArrivals;

  private final AtomicReference<Error> nextError = new AtomicReference<>();
  private volatile boolean refusing;
  private volatile long lockedLimitBytes = Long.MAX_VALUE;

  /** A network whose choices follow from a seed. */
  public FakeNetwork(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** A process's view of the network. */
  public Fabric fabric() {
    return new FakeFabric(this);
  }

  /** Carries nothing out from now on, or goes on with it. */
  public void stall(boolean on) {
    stalled = on;
  }

  boolean isStalled() {
    return stalled;
  }

  /** Has what was in flight arrive late when queue pairs are aborted. */
  public void arriveLate() {
    lateArrivals = true;
  }

  boolean arrivesLate() {
    return lateArrivals;
  }

  /** Throws an error out of the next request that is added to a queue pair. */
  public void throwOnce(Error error) {
    nextError.set(error);
  }

  void mayThrow() {
    Error error = nextError.getAndSet(null);
    if (error != null) {
      throw error;
    }
  }

  /** Refuses connections from now on, or lets them in again. */
  public void refuse(boolean on) {
    refusing = on;
  }

  /** Most bytes that can be registered at once from now on. */
  public void limitLocked(long bytes) {
    lockedLimitBytes = bytes;
  }

  void requireLockable(long bytes) {
    if (bytes > lockedLimitBytes) {
      throw new TransportException(bytes + " bytes cannot be locked; raise the limit (ulimit -l)");
    }
  }

  /** Breaks all queue pairs: the peers do not answer any more. */
  public void breakAll() {
    List<FakeQueuePair> all;
    synchronized (pairs) {
      all = List.copyOf(pairs);
    }
    all.forEach(FakeQueuePair::breakDown);
  }

  /** Doorbells so far. */
  public int doorbells() {
    return doorbells.get();
  }

  /** Requests posted so far. */
  public int posted() {
    return posted.get();
  }

  /** Queue pairs that are open. */
  public int openPairs() {
    synchronized (pairs) {
      return pairs.size();
    }
  }

  void count(int requests) {
    doorbells.incrementAndGet();
    posted.addAndGet(requests);
  }

  synchronized int choose(int bound) {
    return random.nextInt(bound);
  }

  FakeListener listen(InetSocketAddress address) {
    int port = address.getPort() == 0 ? ports.incrementAndGet() : address.getPort();
    FakeListener listener =
        new FakeListener(this, new InetSocketAddress(address.getAddress(), port));
    if (listeners.putIfAbsent(port, listener) != null) {
      throw new TransportException("port " + port + " is taken");
    }
    return listener;
  }

  void closed(FakeListener listener) {
    listeners.remove(listener.address().getPort(), listener);
  }

  FakeListener find(InetSocketAddress address) {
    FakeListener listener = listeners.get(address.getPort());
    if (listener == null || refusing) {
      throw new ConnectionLostException("nobody lets queue pairs in at " + address);
    }
    return listener;
  }

  void opened(FakeQueuePair pair) {
    synchronized (pairs) {
      pairs.add(pair);
    }
  }

  void closed(FakeQueuePair pair) {
    synchronized (pairs) {
      pairs.remove(pair);
    }
  }
}
