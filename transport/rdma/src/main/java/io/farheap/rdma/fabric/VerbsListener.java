package io.farheap.rdma.fabric;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.farheap.rdma.verbs.CmEvents;
import io.farheap.rdma.verbs.DeviceAttributes;
import io.farheap.rdma.verbs.Devices;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets queue pairs in by the verbs. They share one completion queue, in which nothing ever comes,
 * since this side posts no requests.
 */
final class VerbsListener implements Listener {
  private static final int BACKLOG = 128;
  private static final int COMPLETIONS = 16;

  private final RdmaEventChannel events;
  private final RdmaCmId id;
  private final IbvContext device;
  private final IbvCQ completions;
  private final boolean atomics;
  private final InetSocketAddress address;

  /** Peers by their connections. */
  private final Map<RdmaCmId, VerbsPeer> peers = new ConcurrentHashMap<>();

  private VerbsListener(RdmaEventChannel events, RdmaCmId id) throws IOException {
    this.events = events;
    this.id = id;
    this.device = id.getVerbs();
    this.atomics = Devices.attributes(device).atomics() != DeviceAttributes.Atomics.NONE;
    this.address = (InetSocketAddress) id.getSource();
    this.completions = device.createCQ(null, COMPLETIONS, 0);
  }

  static VerbsListener listen(InetSocketAddress address) {
    RdmaEventChannel events = null;
    RdmaCmId id = null;
    VerbsListener listener = null;
    try {
      events = RdmaEventChannel.createEventChannel();
      id = events.createId(RdmaCm.RDMA_PS_TCP);
      id.bindAddr(address);
      listener = new VerbsListener(events, id);
      id.listen(BACKLOG);
      return listener;
    } catch (IOException e) {
      if (listener != null) {
        Quietly.run(listener.completions::destroyCQ);
      }
      Quietly.run(id == null ? null : id::destroyId);
      Quietly.run(events == null ? null : events::destroyEventChannel);
      throw VerbsFabric.failure(
          "cannot listen on " + address + "; name the address of an RDMA device's interface", e);
    }
  }

  private final class VerbsKnock implements Knock {
    private final RdmaCmId caller;
    private final byte[] secret;

    VerbsKnock(RdmaCmId caller, byte[] secret) {
      this.caller = caller;
      this.secret = secret;
    }

    @Override
    public byte[] secret() {
      return secret.clone();
    }

    @Override
    public Peer accept(Domain domain) {
      boolean accepted = false;
      VerbsPeer peer = new VerbsPeer(caller);
      try {
        peers.put(caller, peer);
        caller.createQP(
            ((VerbsDomain) domain).verbs(), VerbsConnector.attributes(completions, 1, 0));
        peer.hasPair = true;
        RdmaConnParam parameters = new RdmaConnParam();
        parameters.setRetry_count(VerbsConnector.RETRIES);
        parameters.setRnr_retry_count(VerbsConnector.RETRIES);
        caller.accept(parameters);
        peer.hasConnection = true;
        accepted = true;
        return peer;
      } catch (IOException e) {
        throw VerbsFabric.failure("a queue pair cannot be let in", e);
      } finally {
        if (!accepted) {
          peer.close();
        }
      }
    }

    /** Who destroys what was not accepted refuses it. */
    @Override
    public void refuse() {
      Quietly.run(caller::destroyId);
    }
  }

  /** This side of a connection; closing is guarded by this object's lock. */
  private final class VerbsPeer implements Peer {
    private final RdmaCmId connection;
    private boolean hasPair;
    private boolean hasConnection;
    private boolean closed;

    VerbsPeer(RdmaCmId connection) {
      this.connection = connection;
    }

    @Override
    public synchronized void close() {
      if (closed) {
        return;
      }
      closed = true;
      peers.remove(connection);
      // The client is told, so that it need not find out by itself.
      Quietly.run(hasConnection ? connection::disconnect : null);
      Quietly.run(hasPair ? connection::destroyQP : null);
      Quietly.run(connection::destroyId);
    }
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public boolean hasAtomics() {
    return atomics;
  }

  @Override
  public Domain newDomain() {
    try {
      return new VerbsDomain(device.allocPd());
    } catch (IOException e) {
      throw VerbsFabric.failure("no further protection domain can be had", e);
    }
  }

  @Override
  public Optional<Event> next(long timeoutNanos) {
    try {
      Optional<RdmaCmEvent> event = CmEvents.next(events, System.nanoTime() + timeoutNanos);
      return event.flatMap(this::translate);
    } catch (IOException e) {
      throw VerbsFabric.failure("no connection request can be heard", e);
    }
  }

  private Optional<Event> translate(RdmaCmEvent event) {
    RdmaCmId connection = event.getConnIdPriv();
    if (CmEvents.type(event) == EventType.RDMA_CM_EVENT_CONNECT_REQUEST) {
      return Optional.of(new VerbsKnock(connection, CmEvents.privateData(event)));
    }
    VerbsPeer peer = connection == null ? null : peers.get(connection);
    return peer != null && VerbsQueuePair.isEnd(event)
        ? Optional.of(new Departure(peer))
        : Optional.empty();
  }

  @Override
  public void close() {
    peers.values().forEach(VerbsPeer::close);
    Quietly.run(id::destroyId);
    Quietly.run(completions::destroyCQ);
    Quietly.run(events::destroyEventChannel);
  }
}
