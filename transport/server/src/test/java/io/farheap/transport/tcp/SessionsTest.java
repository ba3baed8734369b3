package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.BatchLayout;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.ServerFigures;
import io.farheap.transport.wire.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does about leases, sessions and single requests. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionsTest {
  private static final int SLAB_BYTES = 64 << 10;
  private static final byte[] NOTHING = new byte[0];

  private MemoryServer server;

  private void start(int leaseMillis, int silenceMillis) {
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    4 * SLAB_BYTES,
                    SLAB_BYTES)
                .withTimes(leaseMillis, silenceMillis));
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.addresses().getFirst());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** Waits for what must happen; the test's own limit ends it otherwise. */
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static byte[] bytes(RawClient.Reply reply) {
    assertEquals(Status.OK, reply.status());
    byte[] bytes = new byte[reply.payload().remaining()];
    reply.payload().get(bytes);
    return bytes;
  }

  @Test
  void aSilentClientLosesConnectionThenLease() throws Exception {
    start(2_000, 700);
    byte[] lease;
    try (RawClient client = connect()) {
      lease = client.attach(RawClient.NEW_LEASE, 1).lease();
      assertEquals(Status.OK, client.ask(Opcode.ALLOCATE, 1).status());
      assertTrue(client.isEnded(), "half-open");
    }
    await(() -> server.figures().slabs() == 0);
    ServerFigures figures = server.figures();
    assertEquals(0, figures.clients());
    assertEquals(1, figures.leasesLost());
    try (RawClient late = connect()) {
      late.hello(new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], ""));
      assertEquals(Status.LEASE_LOST, late.attach(RawClient.NO_PROOF, lease, 2).status());
    }
  }

  @Test
  void aLeaseIsTakenUpAgainWithItsData() throws Exception {
    start(30_000, 2_000);
    Attached first;
    long slab;
    try (RawClient client = connect()) {
      first = client.attach(RawClient.NEW_LEASE, 1);
      slab = client.ask(Opcode.ALLOCATE, 1).subject();
      assertEquals(Status.OK, client.ask(Opcode.WRITE, slab, 9, 2, new byte[] {5, 6}).status());
    }
    try (RawClient client = connect()) {
      Attached again = client.attach(first.lease(), 2);
      assertArrayEquals(first.lease(), again.lease());
      assertArrayEquals(new byte[] {5, 6}, bytes(client.ask(Opcode.READ, slab, 9, 2, NOTHING)));
      assertEquals(slab, client.ask(Opcode.ALLOCATE, 1).subject(), "asked for a second time");
      assertNotEquals(slab, client.ask(Opcode.ALLOCATE, 2).subject());
      assertTrue(client.ask(Opcode.RENEW, 0).subject() > 20_000);
      assertEquals(Status.OK, client.ask(Opcode.GOODBYE, 0).status());
    }
    assertEquals(0, server.figures().slabs());
  }

  @Test
  void anEarlierSessionDoesNothingAnyMore() throws Exception {
    start(30_000, 2_000);
    try (RawClient old = connect();
        RawClient next = connect();
        RawClient late = connect()) {
      byte[] lease = old.attach(RawClient.NEW_LEASE, 7).lease();
      long slab = old.ask(Opcode.ALLOCATE, 1).subject();
      next.attach(lease, 8);
      assertEquals(Status.SUPERSEDED, old.ask(Opcode.WRITE, slab, 0, 1, new byte[] {1}).status());
      assertTrue(old.isEnded());
      assertArrayEquals(new byte[1], bytes(next.ask(Opcode.READ, slab, 0, 1, NOTHING)));
      late.hello(new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], ""));
      assertEquals(Status.SUPERSEDED, late.attach(RawClient.NO_PROOF, lease, 7).status());
    }
  }

  @Test
  void batchesAreCarriedOutAsAWholeOrNotAtAll() throws Exception {
    start(30_000, 2_000);
    try (RawClient client = connect()) {
      client.attach(RawClient.NEW_LEASE, 1);
      long slab = client.ask(Opcode.ALLOCATE, 1).subject();
      ByteBuffer write = ByteBuffer.allocate(2 * BatchLayout.ENTRY_BYTES + 5);
      BatchLayout.put(write, 0, 0, slab, 100, 3);
      BatchLayout.put(write, 0, 1, slab, SLAB_BYTES - 2, 2);
      write.put(2 * BatchLayout.ENTRY_BYTES, new byte[] {1, 2, 3, 4, 5});
      assertEquals(Status.OK, client.ask(Opcode.WRITE_BATCH, 0, 0, 2, write.array()).status());
      ByteBuffer read = ByteBuffer.allocate(2 * BatchLayout.ENTRY_BYTES);
      BatchLayout.put(read, 0, 0, slab, SLAB_BYTES - 2, 2);
      BatchLayout.put(read, 0, 1, slab, 99, 5);
      assertArrayEquals(
          new byte[] {4, 5, 0, 1, 2, 3, 0},
          bytes(client.ask(Opcode.READ_BATCH, 0, 0, 2, read.array())));

      write.put(2 * BatchLayout.ENTRY_BYTES, new byte[] {9, 9, 9, 9, 9});
      BatchLayout.put(write, 0, 1, slab, SLAB_BYTES - 1, 2);
      assertEquals(
          Status.BAD_RANGE, client.ask(Opcode.WRITE_BATCH, 0, 0, 2, write.array()).status());
      BatchLayout.put(write, 0, 1, slab + 1, 0, 2);
      assertEquals(
          Status.NO_SUCH_SLAB, client.ask(Opcode.WRITE_BATCH, 0, 0, 2, write.array()).status());
      assertArrayEquals(
          new byte[] {1, 2, 3}, bytes(client.ask(Opcode.READ, slab, 100, 3, NOTHING)));
      BatchLayout.put(read, 0, 0, slab, 0, 200 << 10);
      assertEquals(Status.BAD_RANGE, client.ask(Opcode.READ_BATCH, 0, 0, 2, read.array()).status());
    }
  }

  @Test
  void refusalsLeaveTheConnectionAlone() throws Exception {
    start(30_000, 2_000);
    try (RawClient client = connect()) {
      client.attach(RawClient.NEW_LEASE, 1);
      long slab = client.ask(Opcode.ALLOCATE, 1).subject();
      int[][] ranges = {{-1, 1}, {SLAB_BYTES, 1}, {0, -1}, {1, SLAB_BYTES}, {0, 1 << 30}};
      for (int[] range : ranges) {
        assertEquals(
            Status.BAD_RANGE, client.ask(Opcode.READ, slab, range[0], range[1], NOTHING).status());
      }
      assertEquals(Status.BAD_RANGE, client.ask(Opcode.WRITE, slab, 0, 9, new byte[8]).status());
      assertEquals(Status.NO_SUCH_SLAB, client.ask(Opcode.RELEASE, -1).status());
      for (int number = 2; number <= 4; number++) {
        assertEquals(Status.OK, client.ask(Opcode.ALLOCATE, number).status());
      }
      assertEquals(Status.FULL, client.ask(Opcode.ALLOCATE, 5).status());
      assertEquals(Status.OK, client.ask(Opcode.RELEASE, slab).status());
      assertEquals(Status.NO_SUCH_SLAB, client.ask(Opcode.RELEASE, slab).status());
      server.drain();
      assertEquals(Status.DRAINING, client.ask(Opcode.ALLOCATE, 6).status());
      assertEquals(Status.OK, client.ask(Opcode.PING, 0).status());
      assertEquals(List.of(EventKind.DRAINING), client.events());
      try (RawClient late = new RawClient(server.addresses().getFirst())) {
        late.attach(RawClient.NEW_LEASE, 1);
        assertEquals(Status.OK, late.ask(Opcode.PING, 0).status());
        assertEquals(List.of(EventKind.DRAINING), late.events());
        assertEquals(Status.OK, late.ask(Opcode.GOODBYE, 0).status());
      }
      ServerFigures figures = ServerFigures.decode(client.ask(Opcode.STATISTICS, 0).payload());
      assertEquals(3, figures.slabs());
      assertEquals(1, figures.clients());
      assertTrue(figures.p99Nanos() >= figures.p50Nanos() && figures.p50Nanos() > 0);
    }
  }

  @Test
  void aClientHearsThatItsServerIsAboutToStop() {
    start(30_000, 2_000);
    String locator = "tcp://127.0.0.1:" + server.addresses().getFirst().getPort();
    try (FarMemory memory = Transports.open(locator, TransportOptions.defaults())) {
      memory.allocateSlab();
      server.drain();
      await(() -> refusal(memory).contains("hands out no slabs any more"));
      long refusals = server.figures().refusals();
      assertTrue(refusal(memory).contains("hands out no slabs any more"));
      assertEquals(refusals, server.figures().refusals(), "asked although it is known");
    }
  }

  private static String refusal(FarMemory memory) {
    return assertThrows(FarMemoryFullException.class, memory::allocateSlab).getMessage();
  }
}
