package io.farheap.rdma.verbs;

import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_ADDR_RESOLVED;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_ROUTE_RESOLVED;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaConnParam;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Two ends in this process, connected over the device. */
final class Connection implements AutoCloseable {
  private static final int RESOLVE_MILLIS = 2000;

  /** 17 ms; the system's choice would have a request to a peer that is gone fail after a minute. */
  private static final int ACK_TIMEOUT = 12;

  final RdmaEventChannel serverEvents = RdmaEventChannel.createEventChannel();
  final RdmaEventChannel clientEvents = RdmaEventChannel.createEventChannel();
  final RdmaCmId listener = serverEvents.createId(RdmaCm.RDMA_PS_TCP);
  final Endpoint client;
  final Endpoint server;
  final String request;
  final String answer;

  Connection() throws IOException {
    listener.bindAddr(new InetSocketAddress(Guest.address(), 0));
    listener.listen(4);
    client = new Endpoint(resolved(clientEvents, (InetSocketAddress) listener.getSource()));
    try (Arena arena = Arena.ofConfined()) {
      client.id.connect(withData("secret", arena));
      RdmaCmEvent asked =
          CmEvents.expect(serverEvents, RDMA_CM_EVENT_CONNECT_REQUEST, Guest.soon());
      request = text(CmEvents.privateData(asked));
      server = new Endpoint(asked.getConnIdPriv());
      server.id.accept(withData("welcome", arena));
    }
    RdmaCmEvent answered = CmEvents.expect(clientEvents, RDMA_CM_EVENT_ESTABLISHED, Guest.soon());
    answer = text(CmEvents.privateData(answered));
    CmEvents.expect(serverEvents, RDMA_CM_EVENT_ESTABLISHED, Guest.soon());
  }

  /** A client's end that knows its device and its route. */
  static RdmaCmId resolved(RdmaEventChannel events, InetSocketAddress to) throws IOException {
    RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
    id.resolveAddr(null, to, RESOLVE_MILLIS);
    CmEvents.expect(events, RDMA_CM_EVENT_ADDR_RESOLVED, Guest.soon());
    CmOptions.ackTimeout(id, ACK_TIMEOUT);
    id.resolveRoute(RESOLVE_MILLIS);
    CmEvents.expect(events, RDMA_CM_EVENT_ROUTE_RESOLVED, Guest.soon());
    return id;
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    listener.destroyId();
    clientEvents.destroyEventChannel();
    serverEvents.destroyEventChannel();
  }

  private static RdmaConnParam withData(String text, Arena arena) throws IOException {
    MemorySegment data = arena.allocateFrom(text);
    RdmaConnParam parameters = Endpoint.parameters();
    parameters.setPrivate_data(data.address());
    parameters.setPrivate_data_len((byte) text.length());
    return parameters;
  }

  private static String text(byte[] data) {
    String text = new String(data, StandardCharsets.US_ASCII);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
