package io.farheap.server;

import io.farheap.rdma.fabric.Domain;
import io.farheap.rdma.fabric.Listener;
import io.farheap.rdma.fabric.Registration;
import io.farheap.transport.wire.Protocol;

/**
 * What one lease has on the server's RDMA device: a domain of its own, so that its queue pairs
 * reach its slabs only, and the queue pairs. All of it is guarded by this object's lock.
 */
final class RdmaLease {
  private final Listener listener;
  private final Listener.Peer[] peers = new Listener.Peer[Protocol.MAX_QUEUE_PAIRS];

  /** Made with the first slab or queue pair. */
  private Domain domain;

  private boolean ended;

  RdmaLease(Listener listener) {
    this.listener = listener;
  }

  synchronized Registration register(long rawAddress, long lengthBytes) {
    return domain().register(rawAddress, lengthBytes, Domain.Access.REMOTE);
  }

  private Domain domain() {
    if (ended) {
      throw new IllegalStateException("the lease has ended");
    }
    if (domain == null) {
      domain = listener.newDomain();
    }
    return domain;
  }

  /** Lets a queue pair in; false if the lease is over. */
  synchronized boolean admit(Listener.Knock knock, int place) {
    if (ended) {
      return false;
    }
    vacate(place);
    peers[place] = knock.accept(domain());
    return true;
  }

  /** Ends the queue pair of a place, if there is one. */
  synchronized void vacate(int place) {
    if (peers[place] != null) {
      peers[place].close();
      peers[place] = null;
    }
  }

  /** Forgets a queue pair that its client has left. */
  synchronized void departed(Listener.Peer peer) {
    for (int i = 0; i < peers.length; i++) {
      if (peer.equals(peers[i])) {
        peers[i] = null;
      }
    }
  }

  /** Ends everything; the registrations were closed before. */
  synchronized void end() {
    ended = true;
    for (int i = 0; i < peers.length; i++) {
      vacate(i);
    }
    if (domain != null) {
      domain.close();
      domain = null;
    }
  }
}
