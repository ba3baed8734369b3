package io.farheap.rdma.fabric;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The client's side of a fake queue pair; carries requests out when it is polled. */
final class FakeQueuePair implements QueuePair {
  private static final int DEPTH = 32;
  private static final int INLINE_BYTES = 64;
  private static final long NAP_NANOS = 100_000;

  private final FakeNetwork network;
  private final FakeDomain domain;
  private final List<FakeRequest> added = new ArrayList<>();
  private final ArrayDeque<FakeRequest> posted = new ArrayDeque<>();
  private final List<FakeRequest> late = new ArrayList<>();
  private final List<long[]> unreported = new ArrayList<>();
  private List<long[]> reported = List.of();
  private FakePeer peer;
  private boolean broken;
  private boolean failed;
  private boolean closed;
  private volatile boolean peerClosed;
  private long lastPosted = -1;
  private long lastReported = -1;

  FakeQueuePair(FakeNetwork network, FakeDomain domain) {
    this.network = network;
    this.domain = domain;
  }

  void connected(FakePeer to) {
    peer = to;
  }

  @Override
  public Domain domain() {
    return domain;
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public int inlineBytes() {
    return INLINE_BYTES;
  }

  private synchronized void add(FakeRequest request) {
    requireOpen();
    network.mayThrow();
    added.add(request);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue pair is closed");
    }
  }

  @Override
  public void read(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey) {
    add(
        new FakeRequest(
            FakeRequest.Kind.READ,
            id,
            signalled,
            rawAddress,
            lengthBytes,
            localKey,
            null,
            remoteAddress,
            remoteKey,
            0,
            0));
  }

  @Override
  public void write(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      int localKey,
      long remoteAddress,
      int remoteKey) {
    add(
        new FakeRequest(
            FakeRequest.Kind.WRITE,
            id,
            signalled,
            rawAddress,
            lengthBytes,
            localKey,
            null,
            remoteAddress,
            remoteKey,
            0,
            0));
  }

  @Override
  public void writeInline(
      long id,
      boolean signalled,
      long rawAddress,
      int lengthBytes,
      long remoteAddress,
      int remoteKey) {
    if (lengthBytes > INLINE_BYTES) {
      throw new IllegalArgumentException(lengthBytes + " bytes are too many");
    }
    byte[] bytes = FakeRequest.memory(rawAddress, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
    add(
        new FakeRequest(
            FakeRequest.Kind.WRITE,
            id,
            signalled,
            rawAddress,
            lengthBytes,
            0,
            bytes,
            remoteAddress,
            remoteKey,
            0,
            0));
  }

  @Override
  public void compareAndSwap(
      long id,
      long resultRawAddress,
      int localKey,
      long remoteAddress,
      int remoteKey,
      long expected,
      long replacement) {
    add(
        new FakeRequest(
            FakeRequest.Kind.SWAP,
            id,
            true,
            resultRawAddress,
            Long.BYTES,
            localKey,
            null,
            remoteAddress,
            remoteKey,
            expected,
            replacement));
  }

  @Override
  public void fetchAndAdd(
      long id,
      long resultRawAddress,
      int localKey,
      long remoteAddress,
      int remoteKey,
      long addend) {
    add(
        new FakeRequest(
            FakeRequest.Kind.ADD,
            id,
            true,
            resultRawAddress,
            Long.BYTES,
            localKey,
            null,
            remoteAddress,
            remoteKey,
            0,
            addend));
  }

  @Override
  public synchronized void post() {
    requireOpen();
    lastPosted = added.getLast().id();
    if (lastPosted - lastReported > DEPTH) {
      throw new IllegalStateException("more than " + DEPTH + " requests at once");
    }
    network.count(added.size());
    posted.addAll(added);
    added.clear();
  }

  @Override
  public int poll() {
    synchronized (this) {
      requireOpen();
      if (!network.isStalled() || failed || broken) {
        carrySomeOut();
      }
      reported = List.copyOf(unreported);
      unreported.clear();
      reported.forEach(completion -> lastReported = completion[0]);
      return reported.size();
    }
  }

  private void carrySomeOut() {
    int some = network.choose(4);
    while (!posted.isEmpty() && (failed || some-- > 0)) {
      FakeRequest request = posted.remove();
      int status = failed ? FLUSHED : status(request);
      if (status != SUCCESS) {
        failed = true;
      }
      if (status != SUCCESS || request.signalled()) {
        unreported.add(new long[] {request.id(), status});
      }
    }
  }

  private int status(FakeRequest request) {
    boolean inline = request.inline() != null;
    if (!inline
        && !domain.allows(
            request.localKey(), request.rawAddress(), request.lengthBytes(), Domain.Access.LOCAL)) {
      return LOCAL_PROTECTION;
    }
    boolean acknowledgementLost =
        broken && request.kind() != FakeRequest.Kind.READ && network.choose(2) == 0;
    if (acknowledgementLost) {
      peer.carryOut(request);
    }
    Integer status = broken ? null : peer.carryOut(request);
    return status == null ? RETRIES_EXCEEDED : status;
  }

  @Override
  public long id(int index) {
    return reported.get(index)[0];
  }

  @Override
  public int status(int index) {
    return (int) reported.get(index)[1];
  }

  @Override
  public void arm() {
    // Events are not needed: whoever waits naps.
  }

  @Override
  public boolean awaitEvent(long timeoutNanos) {
    LockSupport.parkNanos(Math.min(timeoutNanos, NAP_NANOS));
    return true;
  }

  @Override
  public boolean isConnected() {
    return !peerClosed;
  }

  /** The peer answers no more, and this side has not noticed. */
  synchronized void breakDown() {
    broken = true;
  }

  @Override
  public synchronized void abort() {
    if (network.arrivesLate() && !failed) {
      posted.stream()
          .filter(request -> request.kind() != FakeRequest.Kind.READ)
          .map(FakeRequest::sent)
          .forEach(late::add);
    }
    failed = true;
  }

  /** What was sent before the abort arrives. */
  void deliverLate() {
    List<FakeRequest> arriving;
    synchronized (this) {
      arriving = List.copyOf(late);
      late.clear();
    }
    for (FakeRequest request : arriving) {
      if (request.kind() == FakeRequest.Kind.WRITE) {
        peer.carryOut(request);
      }
    }
  }

  void peerClosed() {
    peerClosed = true;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    network.closed(this);
    // The peer hears of it later, or not at all.
    if (!network.arrivesLate()) {
      peer.clientLeft();
    }
  }
}
