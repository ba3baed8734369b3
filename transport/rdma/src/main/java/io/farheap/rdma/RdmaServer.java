package io.farheap.rdma;

import io.farheap.rdma.fabric.Fabric;
import io.farheap.rdma.fabric.QueuePair;
import io.farheap.transport.TransportException;
import io.farheap.transport.session.Presence;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.slab.Refusals;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.QueuePairOffer;
import io.farheap.transport.wire.WireException;
import java.util.ArrayList;
import java.util.List;

/**
 * The lanes to a memory server, and whether they lead there.
 *
 * <p>All queue pairs come and go together. Before the server offers a new one it ends the one in
 * whose place it comes, and nothing is posted on new ones before all are there. So when an
 * operation is posted again, on whichever lane, its first posting has been carried out or never
 * will be, and cannot overtake it.
 */
final class RdmaServer implements Presence.Links {
  private static final long STALL_NANOS = 3_000_000_000L;

  private final ServerControl<RdmaSlab> control;
  private final Fabric fabric;
  private final LocalRegion region;
  private final Presence presence;
  private final QueuePairLane[] lanes;
  private volatile boolean atomics;

  /** Lanes that lead nowhere yet. */
  RdmaServer(ServerControl<RdmaSlab> control, Fabric fabric, LocalRegion region, int connections) {
    this.control = control;
    this.fabric = fabric;
    this.region = region;
    this.presence =
        new Presence("rdma", control.options().server(), control.options().surroundings(), this);
    this.lanes = new QueuePairLane[connections];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new QueuePairLane(presence, region);
    }
  }

  Presence presence() {
    return presence;
  }

  boolean hasAtomics() {
    return atomics;
  }

  /** The lane for operations of the calling thread. */
  QueuePairLane lane() {
    return lanes[(int) (Thread.currentThread().threadId() % lanes.length)];
  }

  void flush() {
    for (QueuePairLane lane : lanes) {
      lane.flush();
    }
  }

  @Override
  public void connect() {
    List<QueuePair> pairs = new ArrayList<>();
    boolean installed = false;
    try {
      boolean haveAtomics = true;
      for (int place = 0; place < lanes.length; place++) {
        QueuePairOffer offer = offer(place);
        haveAtomics &= offer.atomics();
        long deadlineNanos = System.nanoTime() + control.options().connectNanos();
        QueuePair pair = fabric.connect(offer.address(), offer.secret(), deadlineNanos);
        pairs.add(pair);
        region.add(pair.domain());
      }
      atomics = haveAtomics;
      long next = presence.nextSession();
      installed = presence.install(next, () -> attach(pairs, next));
    } finally {
      if (!installed) {
        pairs.forEach(QueuePair::close);
      }
    }
    flush();
  }

  private QueuePairOffer offer(int place) {
    try {
      return QueuePairOffer.decode(control.ask(Opcode.QUEUE_PAIR, place));
    } catch (WireException e) {
      throw new TransportException(control.options().server() + " offers no queue pair", e);
    }
  }

  private void attach(List<QueuePair> pairs, long session) {
    for (int i = 0; i < lanes.length; i++) {
      try {
        lanes[i].attach(pairs.get(i), session);
      } catch (TransportException e) {
        detach(e);
        throw e;
      }
    }
  }

  @Override
  public void detach(Throwable cause) {
    for (QueuePairLane lane : lanes) {
      lane.detach(cause);
    }
  }

  /** What is done here now and then. */
  void round(long nowNanos) {
    if (presence.round(() -> failWaiting(nowNanos))) {
      for (QueuePairLane lane : lanes) {
        long ofSession = lane.session();
        Throwable defect = lane.tend(nowNanos, STALL_NANOS);
        if (defect != null) {
          presence.lost(ofSession, defect);
        }
      }
    }
  }

  private void failWaiting(long nowNanos) {
    long retryNanos = control.options().retryNanos();
    for (QueuePairLane lane : lanes) {
      lane.failWaiting(operation -> operation.slab.isLost(), Refusals::lost);
      lane.failWaiting(
          operation -> nowNanos - operation.submittedNanos() >= retryNanos,
          operation -> presence.awayFailure());
    }
  }

  void close() {
    presence.close(
        () -> {
          for (QueuePairLane lane : lanes) {
            lane.close(Refusals.closed());
          }
        });
  }
}
