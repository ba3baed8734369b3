package io.farheap.rdma.verbs;

import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_ADDR_RESOLVED;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_CONNECT_REQUEST;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_DISCONNECTED;
import static com.ibm.disni.verbs.RdmaCmEvent.EventType.RDMA_CM_EVENT_ESTABLISHED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportTimeoutException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections over a real device, and what becomes of those that cannot be. */
@Timeout(60)
class ConnectionsGuestTest {
  @BeforeAll
  static void requireDevice() {
    Guest.requireDevice();
  }

  @Test
  void devicesAreDescribed() throws IOException {
    List<Devices.Device> devices = Devices.list();
    assertEquals(Devices.names(), devices.stream().map(Devices.Device::name).toList());
    Devices.Device device = devices.get(0);
    DeviceAttributes attributes = device.attributes();
    assertTrue(attributes.ports() >= 1, attributes.toString());
    assertTrue(attributes.maxRegionBytes() > 1L << 31, attributes.toString());
    assertTrue(attributes.maxReadsStarted() >= 1, attributes.toString());
    assertTrue(attributes.maxReadsAnswered() >= 1, attributes.toString());
    assertNotEquals(DeviceAttributes.Atomics.NONE, attributes.atomics());
    PortAttributes port = device.ports().get(0);
    assertEquals(PortAttributes.State.ACTIVE, port.state());
    assertTrue(port.activeMtuBytes() >= 1024 && port.activeMtuBytes() <= 4096, port.toString());
    List<String> addresses = device.gids().get(0).stream().map(Gid::address).toList();
    assertTrue(addresses.contains(Guest.address().getHostAddress()), device.gids().toString());
  }

  @Test
  void connectsWithDataBothWays() throws IOException {
    try (Connection connection = new Connection()) {
      assertEquals("secret", connection.request);
      assertEquals("welcome", connection.answer);
      assertEquals(IbvQP.IBV_QPS_RTS, QueuePairs.state(connection.client.pair));
      assertEquals(IbvQP.IBV_QPS_RTS, QueuePairs.state(connection.server.pair));
      assertEquals(connection.listener.getSource(), connection.client.id.getDestination());
      assertEquals(connection.client.id.getSource(), connection.server.id.getDestination());
      assertSame(connection.client.id.getVerbs(), connection.client.id.getVerbs());
      assertEquals(1, Devices.port(connection.client.context, 1).number());
      assertEquals(
          Devices.list().get(0).attributes(), Devices.attributes(connection.client.context));
      assertEquals(Devices.list().get(0).gids().get(0), Devices.gids(connection.client.context, 1));
    }
  }

  @Test
  void endIsTold() throws IOException {
    try (Connection connection = new Connection()) {
      connection.client.id.disconnect();
      CmEvents.expect(connection.serverEvents, RDMA_CM_EVENT_DISCONNECTED, Guest.soon());
    }
  }

  @Test
  void refusedConnectionEndsAtOnce() throws IOException {
    RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    Endpoint client =
        new Endpoint(Connection.resolved(events, new InetSocketAddress(Guest.address(), 1)));
    client.id.connect(Endpoint.parameters());
    ConnectionLostException e =
        assertThrows(
            ConnectionLostException.class,
            () -> CmEvents.expect(events, RDMA_CM_EVENT_ESTABLISHED, Guest.soon()));
    assertTrue(e.getMessage().contains("nobody listens"), e.getMessage());
    client.close();
    events.destroyEventChannel();
  }

  @Test
  void connectionThatTheServerDropsEndsAtOnce() throws IOException {
    RdmaEventChannel serverEvents = RdmaEventChannel.createEventChannel();
    RdmaCmId listener = serverEvents.createId(RdmaCm.RDMA_PS_TCP);
    listener.bindAddr(new InetSocketAddress(Guest.address(), 0));
    listener.listen(1);
    RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    Endpoint client =
        new Endpoint(Connection.resolved(events, (InetSocketAddress) listener.getSource()));
    client.id.connect(Endpoint.parameters());
    RdmaCmEvent request =
        CmEvents.expect(serverEvents, RDMA_CM_EVENT_CONNECT_REQUEST, Guest.soon());
    request.getConnIdPriv().destroyId();
    assertThrows(
        ConnectionLostException.class,
        () -> CmEvents.expect(events, RDMA_CM_EVENT_ESTABLISHED, Guest.soon()));
    client.close();
    listener.destroyId();
    events.destroyEventChannel();
    serverEvents.destroyEventChannel();
  }

  @Test
  void silentServerIsGivenUpAtTheDeadline() throws IOException {
    RdmaEventChannel serverEvents = RdmaEventChannel.createEventChannel();
    RdmaCmId listener = serverEvents.createId(RdmaCm.RDMA_PS_TCP);
    listener.bindAddr(new InetSocketAddress(Guest.address(), 0));
    listener.listen(1);
    RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    Endpoint client =
        new Endpoint(Connection.resolved(events, (InetSocketAddress) listener.getSource()));
    client.id.connect(Endpoint.parameters());
    assertThrows(
        TransportTimeoutException.class,
        () ->
            CmEvents.expect(
                events,
                RDMA_CM_EVENT_ESTABLISHED,
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200)));
    CmEvents.expect(serverEvents, RDMA_CM_EVENT_CONNECT_REQUEST, Guest.soon())
        .getConnIdPriv()
        .destroyId();
    client.close();
    listener.destroyId();
    events.destroyEventChannel();
    serverEvents.destroyEventChannel();
  }

  @Test
  void addressOfNobodyIsGivenUp() throws IOException {
    RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
    byte[] nobody = Guest.address().getAddress();
    nobody[3] = (byte) 250;
    VerbsException early =
        assertThrows(VerbsException.class, id::getVerbs, "no device before an address");
    assertTrue(early.getMessage().contains("no device yet"), early.getMessage());
    id.resolveAddr(null, new InetSocketAddress(InetAddress.getByAddress(nobody), 7), 300);
    assertThrows(
        ConnectionLostException.class,
        () -> CmEvents.expect(events, RDMA_CM_EVENT_ADDR_RESOLVED, Guest.soon()));
    id.destroyId();
    events.destroyEventChannel();
  }

  @Test
  void addressThatIsNotHereCannotBeBound() throws IOException {
    RdmaEventChannel events = RdmaEventChannel.createEventChannel();
    RdmaCmId id = events.createId(RdmaCm.RDMA_PS_TCP);
    VerbsException e =
        assertThrows(
            VerbsException.class, () -> id.bindAddr(new InetSocketAddress("192.0.2.1", 7)));
    assertTrue(e.errorNumber() > 0, e.getMessage());
    assertThrows(
        VerbsException.class,
        () -> id.bindAddr(InetSocketAddress.createUnresolved("nowhere.invalid", 7)));
    id.destroyId();
    assertThrows(VerbsException.class, id::destroyId);
    events.destroyEventChannel();
    assertThrows(VerbsException.class, () -> events.getCmEvent(0));
  }
}
