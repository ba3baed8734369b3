package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.ServerFigures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Clients and servers that are processes of their own, and what may happen to processes. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessFaultsTest {
  private static final long DEADLINE_NANOS = 30_000_000_000L;
  private static final int LEASE_MILLIS = 30_000;
  private static final int CONNECTS = Integer.getInteger("farheap.connects", 10_000);

  private static TcpMemory open(String settings, int port) {
    return (TcpMemory)
        Transports.open("tcp://127.0.0.1:" + port + "?" + settings, TransportOptions.defaults());
  }

  private static ServerFigures figures(TcpMemory memory) {
    return memory.serverFigures(DEADLINE_NANOS);
  }

  @Test
  void aKilledClientsSlabsAreFreeAfterTheLease() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 8, 1_000)) {
      int port = ChildServer.port(server);
      try (TcpMemory watcher = open("connections=1", port);
          ChildProcess client = ChildClient.start(List.of(), "tcp://127.0.0.1:" + port, 8)) {
        assertEquals("ready", client.line());
        assertEquals(8, figures(watcher).slabs());
        assertThrows(FarMemoryFullException.class, watcher::allocateSlab);
        client.kill();
        SessionsTest.await(() -> figures(watcher).slabs() == 0);
        SessionsTest.await(() -> figures(watcher).connections() == 1);
        assertEquals(1, figures(watcher).leasesLost());
        for (int i = 0; i < 8; i++) {
          watcher.allocateSlab();
        }
      }
    }
  }

  @Test
  void aKilledServerIsALossThatSaysSo() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      int port;
      TcpMemory memory;
      long slab;
      Transfer transfer = new Transfer();
      long rawAddress = arena.allocate(4096).address();
      SplittableRandom random = new SplittableRandom(11);
      try (ChildProcess server = ChildServer.start(0, 4, LEASE_MILLIS)) {
        port = ChildServer.port(server);
        memory = open("retry=300ms", port);
        slab = memory.allocateSlab();
        for (int i = random.nextInt(2000); i > 0; i--) {
          run(memory, transfer.write(slab, 0, rawAddress, 4096));
        }
        memory.submit(transfer.write(slab, 0, rawAddress, 4096));
        memory.flush();
      }
      try (memory) {
        assertThrows(
            ConnectionLostException.class,
            () -> {
              while (true) {
                memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
                run(memory, transfer.read(slab, 0, rawAddress, 4096));
              }
            });
        try (ChildProcess server = ChildServer.start(port, 4, LEASE_MILLIS)) {
          assertEquals(port, ChildServer.port(server));
          assertThrows(
              SlabLostException.class,
              () -> {
                while (true) {
                  retried(memory, transfer.read(slab, 0, rawAddress, 4096));
                }
              });
          memory.releaseSlab(slab);
          run(memory, transfer.read(memory.allocateSlab(), 0, rawAddress, 4096));
        }
      }
    }
  }

  /** The client does not know at once that the server is back. */
  private static void retried(FarMemory memory, Transfer transfer) {
    try {
      run(memory, transfer);
    } catch (ConnectionLostException e) {
      assertTrue(e.getMessage().contains("away"), e.getMessage());
    }
  }

  private static void run(FarMemory memory, Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
  }

  @Test
  void aServerThatWasStoppedGoesOnWithTheData() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 4, LEASE_MILLIS);
        ChildProcess client =
            ChildClient.start(
                List.of(), "tcp://127.0.0.1:" + ChildServer.port(server) + "?retry=20s", 4)) {
      assertEquals("ready", client.line());
      client.say("check");
      server.stopFor(Duration.ofSeconds(5));
      client.say("check");
      assertEquals("ok", client.line());
      assertEquals("ok", client.line());
    }
  }

  /** Stopped for longer than the lease: nobody could renew it, so nobody loses it. */
  @Test
  void aServerThatWasStoppedForLongEndsNoLease() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 4, 1_500);
        ChildProcess client =
            ChildClient.start(
                List.of(), "tcp://127.0.0.1:" + ChildServer.port(server) + "?retry=20s", 4)) {
      assertEquals("ready", client.line());
      server.stopFor(Duration.ofSeconds(4));
      client.say("check");
      assertEquals("ok", client.line());
    }
  }

  @Test
  void aClientThatWasStoppedFindsItsData() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 4, LEASE_MILLIS);
        ChildProcess client =
            ChildClient.start(List.of(), "tcp://127.0.0.1:" + ChildServer.port(server), 4)) {
      assertEquals("ready", client.line());
      client.say("check");
      client.stopFor(Duration.ofSeconds(5));
      client.say("check");
      assertEquals("ok", client.line());
      assertEquals("ok", client.line());
    }
  }

  @Test
  void aClientThatWasStoppedForTooLongIsTold() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 4, 1_000);
        ChildProcess client =
            ChildClient.start(List.of(), "tcp://127.0.0.1:" + ChildServer.port(server), 4)) {
      assertEquals("ready", client.line());
      client.stopFor(Duration.ofSeconds(4));
      client.say("check");
      assertEquals("lost", client.line());
    }
  }

  @Test
  void connectsAndDisconnectsLeaveNothingBehind() throws Exception {
    try (ChildProcess server = ChildServer.start(0, 4, LEASE_MILLIS)) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), ChildServer.port(server));
      try (TcpMemory memory = open("connections=1", address.getPort())) {
        connectAll(address, 200);
        SessionsTest.await(() -> figures(memory).connections() == 1);
        long descriptors = server.descriptors();
        long threads = server.threads();
        connectAll(address, CONNECTS);
        SessionsTest.await(() -> figures(memory).connections() == 1);
        assertEquals(descriptors, server.descriptors());
        assertEquals(threads, server.threads());
        SessionsTest.await(() -> figures(memory).clients() == 1);
        assertEquals(0, figures(memory).slabs());
      }
    }
  }

  /** Some say nothing, some something wrong, some attach and leave, properly or not. */
  private static void connectAll(InetSocketAddress address, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      switch (i % 4) {
        case 0 -> new Socket(address.getAddress(), address.getPort()).close();
        case 1 -> {
          try (RawClient client = new RawClient(address)) {
            client.send(new byte[40]);
          }
        }
        default -> {
          try (RawClient client = new RawClient(address)) {
            client.attach(RawClient.NEW_LEASE, 1);
            client.ask(Opcode.ALLOCATE, 1);
            client.ask(Opcode.GOODBYE, 0);
          }
        }
      }
    }
  }
}
