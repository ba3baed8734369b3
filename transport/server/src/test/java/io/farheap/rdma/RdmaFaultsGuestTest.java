package io.farheap.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.rdma.fabric.Domain;
import io.farheap.rdma.fabric.Fabric;
import io.farheap.rdma.fabric.QueuePair;
import io.farheap.rdma.fabric.Registration;
import io.farheap.rdma.fabric.VerbsFabric;
import io.farheap.testing.process.ChildProcess;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.Locator;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.session.ServerControl;
import io.farheap.transport.session.SessionOptions;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.QueuePairOffer;
import io.farheap.transport.wire.RegisteredSlab;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong with real verbs: refusals, deaths, keys that are good no more. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RdmaFaultsGuestTest {
  private static final int SLAB_BYTES = 64 << 10;
  private static final long MEMORY_BYTES = 4L * SLAB_BYTES;
  private static final long LONG_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long NO_PLACE = -1;

  private final Arena arena = Arena.ofShared();

  @BeforeAll
  static void requireDevice() {
    GuestServer.requireDevice();
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private static long soon() {
    return System.nanoTime() + LONG_NANOS;
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static SessionOptions options(GuestServer server) {
    return SessionOptions.of(Locator.parse(server.locator("")), TransportOptions.defaults());
  }

  private static ServerControl<RdmaSlab> control(GuestServer server) {
    ConnectionLostException failure = null;
    for (int i = 0; i < 5; i++) {
      try {
        return ServerControl.open(
            options(server),
            Protocol.FEATURE_REGISTERED_SLABS,
            (id, wireId, where, slabBytes) ->
                new RdmaSlab(id, wireId, RegisteredSlab.decode(where)));
      } catch (ConnectionLostException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static QueuePairOffer offer(ServerControl<RdmaSlab> control, long place) {
    return QueuePairOffer.decode(control.ask(Opcode.QUEUE_PAIR, place));
  }

  private static QueuePair connect(Fabric fabric, QueuePairOffer offer, byte[] secret) {
    return fabric.connect(offer.address(), secret, soon());
  }

  private long read(FarMemory memory, long slab, long slabOffset) {
    MemorySegment local = arena.allocate(8);
    Transfer transfer = new Transfer().read(slab, slabOffset, local.address(), 8);
    memory.submit(transfer);
    memory.await(transfer, memory.clock().getAsLong() + LONG_NANOS);
    return local.get(ValueLayout.JAVA_LONG, 0);
  }

  private void write(FarMemory memory, long slab, long slabOffset, long value) {
    MemorySegment local = arena.allocate(8);
    local.set(ValueLayout.JAVA_LONG, 0, value);
    Transfer transfer = new Transfer().write(slab, slabOffset, local.address(), 8);
    memory.submit(transfer);
    memory.await(transfer, memory.clock().getAsLong() + LONG_NANOS);
  }

  /** How a request of 8 bytes ends; given up when the other side has said that it leaves. */
  private int status(QueuePair pair, boolean write, long remoteAddress, int remoteKey) {
    MemorySegment local = arena.allocate(8).fill((byte) 9);
    try (Registration buffer = pair.domain().register(local.address(), 8, Domain.Access.LOCAL)) {
      int key = buffer.localKey();
      if (write) {
        pair.write(0, true, local.address(), 8, key, remoteAddress, remoteKey);
      } else {
        pair.read(0, true, local.address(), 8, key, remoteAddress, remoteKey);
      }
      pair.post();
      boolean aborted = false;
      while (pair.poll() == 0) {
        if (!aborted && !pair.isConnected()) {
          pair.abort();
          aborted = true;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      return pair.status(0);
    }
  }

  @Test
  @SuppressWarnings("try") // One client leaves while the other stays.
  void secretsAndKeysAreGoodForWhomTheyWereMade() {
    try (GuestServer server = GuestServer.start(MEMORY_BYTES, SLAB_BYTES);
        ServerControl<RdmaSlab> control = control(server);
        ServerControl<RdmaSlab> others = control(server);
        Fabric fabric = VerbsFabric.open(VerbsFabric.DEFAULT_PROVIDER)) {
      RdmaSlab slab = control.allocate();
      RdmaSlab othersSlab = others.allocate();
      QueuePairOffer offer = offer(control, 0);
      assertThrows(
          ConnectionLostException.class,
          () -> connect(fabric, offer, new byte[Protocol.SECRET_BYTES]));
      QueuePair pair = connect(fabric, offer, offer.secret());
      assertThrows(ConnectionLostException.class, () -> connect(fabric, offer, offer.secret()));

      long address = slab.remoteAddress();
      assertEquals(QueuePair.SUCCESS, status(pair, true, address, slab.remoteKey()));
      assertEquals(QueuePair.SUCCESS, status(pair, false, address, slab.remoteKey()));
      assertEquals(
          QueuePair.REMOTE_ACCESS,
          status(pair, false, othersSlab.remoteAddress(), othersSlab.remoteKey()));
      assertEquals(
          QueuePair.FLUSHED, status(pair, false, address, slab.remoteKey()), "after a failure");
      pair.close();

      QueuePairOffer second = offer(control, 0);
      QueuePair beyond = connect(fabric, second, second.secret());
      long end = address + SLAB_BYTES - 4;
      assertEquals(QueuePair.REMOTE_ACCESS, status(beyond, true, end, slab.remoteKey()));
      beyond.close();

      QueuePairOffer third = offer(control, 0);
      QueuePair late = connect(fabric, third, third.secret());
      control.close();
      assertNotEquals(QueuePair.SUCCESS, status(late, true, address, slab.remoteKey()));
      late.close();
    }
  }

  @Test
  void connectionToWhereNobodyListensIsRefusedTyped() {
    try (Fabric fabric = VerbsFabric.open(VerbsFabric.DEFAULT_PROVIDER)) {
      InetSocketAddress nowhere = new InetSocketAddress(GuestServer.deviceAddress(), 1);
      assertThrows(
          ConnectionLostException.class,
          () -> fabric.connect(nowhere, new byte[Protocol.SECRET_BYTES], soon()));
    }
  }

  @Test
  void serverWithoutADeviceIsNamed() {
    try (GuestServer server =
        GuestServer.start(List.of(), MEMORY_BYTES, SLAB_BYTES, List.of("--silence=30s"))) {
      TransportException refusal = assertThrows(TransportException.class, () -> server.open(""));
      assertTrue(refusal.getMessage().contains("rdma=ADDRESS"), refusal.getMessage());
    }
  }

  @Test
  void killedServerIsATypedLossAndItsQueuePairsAnswerNoMore() {
    try (GuestServer server = GuestServer.start(MEMORY_BYTES, SLAB_BYTES);
        ServerControl<RdmaSlab> control = control(server);
        Fabric fabric = VerbsFabric.open(VerbsFabric.DEFAULT_PROVIDER)) {
      RdmaSlab where = control.allocate();
      QueuePairOffer offer = offer(control, 0);
      QueuePair pair = connect(fabric, offer, offer.secret());
      assertEquals(
          QueuePair.SUCCESS, status(pair, false, where.remoteAddress(), where.remoteKey()));
      try (FarMemory memory = server.open("&retry=2s")) {
        long slab = memory.allocateSlab();
        write(memory, slab, 0, 77);
        assertEquals(77, read(memory, slab, 0));
        server.signal("KILL");
        assertNotEquals(
            QueuePair.SUCCESS, status(pair, false, where.remoteAddress(), where.remoteKey()));
        assertThrows(ConnectionLostException.class, () -> read(memory, slab, 0));
      }
      pair.close();
    }
  }

  @Test
  void stoppedClientsLateWritesDoNotReachTheNextOwner() throws Exception {
    try (GuestServer server =
            GuestServer.start(SLAB_BYTES, SLAB_BYTES, "--silence=6s", "--lease=12s");
        ChildProcess client = GuestClient.start(List.of(), server.locator(""))) {
      client.next("FILLED");
      try (FarMemory next = server.open("")) {
        assertThrows(FarMemoryFullException.class, next::allocateSlab);
        client.signal("STOP");
        long[] slab = {NO_PLACE};
        until(
            () -> {
              try {
                slab[0] = next.allocateSlab();
              } catch (FarMemoryFullException e) {
                return false;
              }
              return true;
            });
        assertEquals(0, read(next, slab[0], 0), "the slab is not zero");
        client.signal("CONT");
        // It writes, and finds its slab lost: there is no other for it.
        assertTrue(client.next("FAILED").startsWith(SlabLostException.class.getSimpleName()));
        for (int offset = 0; offset < SLAB_BYTES; offset += 4096) {
          assertEquals(0, read(next, slab[0], offset), "a late write landed at " + offset);
        }
      }
    }
  }

  @Test
  void killedClientsKeyIsGoodForNobody() throws Exception {
    try (GuestServer server =
            GuestServer.start(MEMORY_BYTES, SLAB_BYTES, "--silence=6s", "--lease=12s");
        ChildProcess client = GuestClient.start(List.of(), server.locator(""));
        ServerControl<RdmaSlab> control = control(server);
        Fabric fabric = VerbsFabric.open(VerbsFabric.DEFAULT_PROVIDER)) {
      String[] known = client.next("FILLED").split(" ", -1);
      client.signal("KILL");
      until(() -> control.figures(LONG_NANOS).leasesLost() == 1);
      QueuePairOffer offer = offer(control, 0);
      QueuePair pair = connect(fabric, offer, offer.secret());
      assertEquals(
          QueuePair.REMOTE_ACCESS,
          status(pair, true, Long.parseLong(known[0]), Integer.parseInt(known[1])));
      pair.close();
    }
  }

  @Test
  void keyThatTheServerDoesNotKnowIsALostSlabAndOthersGoOn() {
    try (GuestServer server = GuestServer.start(MEMORY_BYTES, SLAB_BYTES);
        FarMemory memory = server.open("")) {
      long slab = memory.allocateSlab();
      long other = memory.allocateSlab();
      write(memory, other, 8, 3);
      Transfer bad =
          FakeRdma.readByWrongKey((RdmaMemory) memory, slab, arena.allocate(8).address());
      assertThrows(
          SlabLostException.class,
          () -> memory.await(bad, memory.clock().getAsLong() + LONG_NANOS));
      assertEquals(3, read(memory, other, 8));
    }
  }

  @Test
  void registeredMemoryIsReadAndWrittenInPlaceAndAtomicsWork() {
    try (GuestServer server = GuestServer.start(MEMORY_BYTES, SLAB_BYTES);
        ServerControl<RdmaSlab> control = control(server);
        FarMemory memory = server.open("")) {
      MemorySegment pool = arena.allocate(SLAB_BYTES, 4096);
      memory.registerLocal(pool);
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer();
      for (int i = 0; i < 16; i++) {
        pool.set(ValueLayout.JAVA_LONG, 4096L * i, i + 1);
      }
      memory.submit(transfer.write(slab, 0, pool.address(), SLAB_BYTES));
      memory.await(transfer, memory.clock().getAsLong() + LONG_NANOS);
      pool.fill((byte) 0);
      memory.submit(transfer.read(slab, 0, pool.address(), SLAB_BYTES));
      memory.await(transfer, memory.clock().getAsLong() + LONG_NANOS);
      for (int i = 0; i < 16; i++) {
        assertEquals(i + 1, pool.get(ValueLayout.JAVA_LONG, 4096L * i));
      }
      FarAtomics atomics = memory.atomics().orElseThrow();
      assertEquals(1, atomics.fetchAndAdd(slab, 0, 41, LONG_NANOS));
      assertEquals(42, atomics.compareAndSwap(slab, 0, 42, 7, LONG_NANOS));
      assertEquals(7, atomics.compareAndSwap(slab, 0, 42, 8, LONG_NANOS));
      assertEquals(7, read(memory, slab, 0));
      assertEquals(0, control.figures(LONG_NANOS).reads());
      assertEquals(0, control.figures(LONG_NANOS).writes());
    }
  }

  @Test
  void tooLittleLockedMemoryIsNamedOnBothSides() throws Exception {
    try (GuestServer server = GuestServer.start(MEMORY_BYTES, SLAB_BYTES);
        ChildProcess client =
            GuestClient.start(GuestServer.withLockedLimit(64), server.locator(""))) {
      String said = client.next("FAILED");
      assertTrue(said.contains("memlock") || said.contains("ulimit"), said);
    }
    try (GuestServer server =
            GuestServer.start(
                GuestServer.withLockedLimit(64),
                MEMORY_BYTES,
                SLAB_BYTES,
                List.of("--silence=30s", "--rdma=" + GuestServer.deviceAddress()));
        FarMemory memory = server.open("")) {
      TransportException refusal =
          assertThrows(
              TransportException.class,
              () -> {
                memory.allocateSlab();
                memory.allocateSlab();
              });
      assertInstanceOf(FarMemoryFullException.class, refusal);
      assertTrue(refusal.getMessage().contains("memlock"), refusal.getMessage());
    }
  }
}
