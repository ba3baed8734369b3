package io.farheap.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.LocatorException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the members of a pool are found, and how transfers of the pool follow theirs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolMemoryTest {
  private static final int SLAB_BYTES = 64 << 10;
  private static final long DEADLINE_NANOS = 30_000_000_000L;

  private final Arena arena = Arena.ofShared();
  private MemoryServer first = start(0, SLAB_BYTES);

  private static MemoryServer start(int port, int slabBytes) {
    return MemoryServer.start(
        ServerConfig.insecure(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            2L * slabBytes,
            slabBytes));
  }

  @AfterEach
  void stop() {
    first.close();
    arena.close();
  }

  private static int port(MemoryServer server) {
    return server.addresses().getFirst().getPort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static FarMemory open(int... ports) {
    StringBuilder place = new StringBuilder("tcp://");
    for (int port : ports) {
      place.append(place.length() > 6 ? "," : "").append("127.0.0.1:").append(port);
    }
    return Transports.open(place + "?retry=200ms&connect=2s", TransportOptions.defaults());
  }

  @Test
  void whoIsAwayAtFirstJoinsLater() throws IOException {
    int port = freePort();
    try (FarMemory memory = open(port(first), port)) {
      assertInstanceOf(PoolMemory.class, memory);
      memory.registerLocal(arena.allocate(SLAB_BYTES));
      memory.allocateSlab();
      assertEquals(2, memory.statistics().slabCapacity());
      try (MemoryServer second = start(port, SLAB_BYTES)) {
        while (memory.statistics().slabCapacity() < 4) {
          LockSupport.parkNanos(1_000_000);
        }
        memory.allocateSlab();
        assertEquals(1, second.figures().slabs());
      }
    }
  }

  @Test
  void nobodyThereIsALossAndAnotherSizeARefusal() throws IOException {
    int port = freePort();
    int other = freePort();
    ConnectionLostException away =
        assertThrows(ConnectionLostException.class, () -> open(port, other));
    assertTrue(away.getMessage().contains("none of the 2"), away.getMessage());
    try (MemoryServer second = start(0, 2 * SLAB_BYTES)) {
      TransportException refusal =
          assertThrows(TransportException.class, () -> open(port(first), port(second)));
      assertTrue(refusal.getMessage().contains("same size"), refusal.getMessage());
    }
    assertEquals(0, first.figures().clients());
  }

  @ParameterizedTest
  @CsvSource({
    "'tcp://a:1,a:1', twice",
    "'tcp://a:1,', HOST:PORT",
    "pool:, wraps nothing",
    "pool:x=1:tcp://a:1, x"
  })
  void wrongLocatorsAreNamed(String locator, String expected) {
    LocatorException e =
        assertThrows(
            LocatorException.class, () -> Transports.open(locator, TransportOptions.defaults()));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void oneTransferServesSlabsOnBothMembers() {
    try (MemoryServer second = start(0, SLAB_BYTES);
        FarMemory memory = open(port(first), port(second))) {
      long[] slabs = {memory.allocateSlab(), memory.allocateSlab()};
      assertEquals(1, first.figures().slabs());
      assertEquals(1, second.figures().slabs());
      MemorySegment local = arena.allocate(8);
      Transfer transfer = new Transfer();
      for (int round = 0; round < 3; round++) {
        for (long slab : slabs) {
          local.set(ValueLayout.JAVA_LONG, 0, slab + round);
          run(memory, transfer.write(slab, 8, local.address(), 8));
        }
        for (long slab : slabs) {
          run(memory, transfer.read(slab, 8, local.address(), 8));
          assertEquals(slab + round, local.get(ValueLayout.JAVA_LONG, 0));
        }
      }
      assertEquals(6, memory.statistics().writes());
      assertEquals(6, memory.statistics().reads());
    }
  }

  private static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, memory.clock().getAsLong() + DEADLINE_NANOS);
  }
}
