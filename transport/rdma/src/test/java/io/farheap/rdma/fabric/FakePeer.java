package io.farheap.rdma.fabric;

/** The server's side of a fake queue pair. */
final class FakePeer implements Listener.Peer {
  private final FakeQueuePair pair;
  private final FakeDomain domain;
  private final FakeListener listener;
  private boolean closed;

  FakePeer(FakeQueuePair pair, FakeDomain domain, FakeListener listener) {
    this.pair = pair;
    this.domain = domain;
    this.listener = listener;
  }

  /** Carries a request out, unless this side has ended; null then. */
  Integer carryOut(FakeRequest request) {
    synchronized (this) {
      if (closed) {
        return null;
      }
      synchronized (domain) {
        return request.carryOut(domain);
      }
    }
  }

  /** The client has closed its side. */
  void clientLeft() {
    listener.left(this);
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    // What is on its way arrives just before it is too late.
    pair.deliverLate();
    synchronized (this) {
      closed = true;
    }
    pair.peerClosed();
  }
}
