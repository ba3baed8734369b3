package io.farheap.transport.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.LocatorException;
import io.farheap.transport.SlabLostException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients and servers that die, stop or run out of room, mostly as processes of their own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShmFaultsTest {
  private static final int SLAB_BYTES = 64 << 10;
  private static final int SLABS = 4;
  private static final int LEASE_MILLIS = 1500;
  private static final long PAUSE_NANOS = 2_000_000;

  @TempDir Path folder;

  private final Arena arena = Arena.ofAuto();

  private static ServerConfig config(int slabs) {
    return ServerConfig.insecure(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            (long) slabs * SLAB_BYTES,
            SLAB_BYTES)
        .withTimes(LEASE_MILLIS, 1000);
  }

  private MemoryServer server() {
    return MemoryServer.start(config(SLABS).withMemoryFile(folder));
  }

  private static ChildProcess start(Class<?> program, String... arguments) throws IOException {
    return JavaCommand.of(program, arguments).options("-Xmx64m", "-XX:+UseSerialGC").start();
  }

  private ChildProcess serverProcess(int port) throws IOException {
    return start(
        ServerProcess.class,
        Integer.toString(port),
        folder.toString(),
        Integer.toString(SLABS * SLAB_BYTES),
        Integer.toString(SLAB_BYTES),
        "30000");
  }

  private static String locator(MemoryServer server) {
    return "shm:" + ShmContractTest.place(server);
  }

  private static FarMemory open(String locator) {
    return Transports.open(locator, TransportOptions.defaults());
  }

  private byte[] read(FarMemory memory, long slab) {
    MemorySegment local = arena.allocate(SLAB_BYTES).fill((byte) 0x5A);
    memory.submit(new Transfer().read(slab, 0, local.address(), SLAB_BYTES));
    return local.toArray(ValueLayout.JAVA_BYTE);
  }

  private void fill(FarMemory memory, long slab, int value) {
    MemorySegment local = arena.allocate(SLAB_BYTES).fill((byte) value);
    Transfer transfer = new Transfer().write(slab, 0, local.address(), SLAB_BYTES);
    memory.submit(transfer);
    assertTrue(transfer.isDone());
  }

  private static byte[] all(int value) {
    byte[] bytes = new byte[SLAB_BYTES];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private List<Path> slabFiles() {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(path -> path.getFileName().toString().startsWith("slab-")).toList();
    } catch (IOException e) {
      return fail(e);
    }
  }

  @Test
  void killedClientsSlabsAreFreeAfterTheLeaseAndZeroForTheNext() throws Exception {
    try (MemoryServer server = server();
        ChildProcess client = start(ClientProcess.class, locator(server))) {
      client.next("FILLED");
      assertEquals(1, server.figures().slabs());
      assertEquals(1, slabFiles().size());
      client.signal("KILL");
      until(() -> server.figures().slabs() == 0);
      assertEquals(List.of(), slabFiles());
      assertEquals(1, server.figures().leasesLost());
      try (FarMemory memory = open(locator(server))) {
        for (int i = 0; i < SLABS; i++) {
          assertArrayEquals(all(0), read(memory, memory.allocateSlab()));
        }
      }
    }
  }

  @Test
  void stoppedClientFindsItsSlabLostAndCanGoOn() throws Exception {
    try (MemoryServer server = server();
        ChildProcess client = start(ClientProcess.class, locator(server))) {
      client.next("FILLED");
      client.signal("STOP");
      until(() -> server.figures().slabs() == 0);
      try (FarMemory other = open(locator(server))) {
        long slab = other.allocateSlab();
        fill(other, slab, 2);
        client.signal("CONT");
        client.next("LOST");
        assertEquals("0", client.next("AGAIN"));
        assertArrayEquals(all(2), read(other, slab));
      }
    }
  }

  @Test
  void killedServerLeavesMappedSlabsUsableAndItsSuccessorCleansUp() throws Exception {
    try (ChildProcess server = serverProcess(0)) {
      int port = Integer.parseInt(server.next("LISTENS"));
      try (FarMemory memory = open("shm://127.0.0.1:" + port + "?retry=100ms")) {
        long slab = memory.allocateSlab();
        fill(memory, slab, 1);
        server.signal("KILL");
        assertArrayEquals(all(1), read(memory, slab));
        fill(memory, slab, 2);
        assertArrayEquals(all(2), read(memory, slab));
        TransportException failure = assertThrows(TransportException.class, memory::allocateSlab);
        assertInstanceOf(ConnectionLostException.class, failure);
        assertEquals(1, slabFiles().size());

        try (ChildProcess successor = serverProcess(port)) {
          successor.next("LISTENS");
          assertEquals(List.of(), slabFiles());
          // The new server knows nothing of the lease; the client hears of it before long.
          Transfer transfer = new Transfer();
          MemorySegment local = arena.allocate(8);
          until(
              () -> {
                memory.submit(transfer.read(slab, 0, local.address(), 8));
                return !transfer.isDone();
              });
          assertInstanceOf(SlabLostException.class, transfer.failure());
          memory.releaseSlab(slab);
          until(() -> canAllocate(memory));
        }
      }
    }
  }

  @Test
  void newServersLeaveTheSlabsOfLiveOnesAlone() throws Exception {
    try (MemoryServer first = server();
        FarMemory memory = open(locator(first))) {
      memory.allocateSlab();
      List<Path> files = slabFiles();
      assertEquals(1, files.size());
      // One in the same process, whose look at the lock must not end it, and one elsewhere.
      server().close();
      try (ChildProcess other = serverProcess(0)) {
        other.next("LISTENS");
        assertEquals(files, slabFiles());
        memory.allocateSlab();
      }
    }
  }

  private static boolean canAllocate(FarMemory memory) {
    try {
      memory.allocateSlab();
      return true;
    } catch (ConnectionLostException e) {
      return false;
    }
  }

  @Test
  void fullFileSystemIsATypedRefusal() throws Exception {
    int fitting = 2;
    assumeTrue(mount(folder, (fitting + 1) * SLAB_BYTES - 4096), "tmpfs cannot be mounted here");
    try (MemoryServer server = MemoryServer.start(config(8).withMemoryFile(folder));
        FarMemory memory = open(locator(server))) {
      List<Long> slabs = new ArrayList<>();
      FarMemoryFullException refusal =
          assertThrows(
              FarMemoryFullException.class,
              () -> {
                while (true) {
                  slabs.add(memory.allocateSlab());
                }
              });
      assertTrue(refusal.getMessage().contains(folder.toString()), refusal.getMessage());
      assertEquals(fitting, slabs.size());
      slabs.forEach(slab -> fill(memory, slab, 1));
      memory.releaseSlab(slabs.getFirst());
      long next = memory.allocateSlab();
      assertArrayEquals(all(0), read(memory, next));
      fill(memory, next, 3);
      assertArrayEquals(all(1), read(memory, slabs.getLast()));
    } finally {
      // Fails if anything there is still mapped or open.
      Process unmount = new ProcessBuilder("umount", folder.toString()).inheritIO().start();
      assertEquals(0, unmount.waitFor());
    }
  }

  private static boolean mount(Path where, int bytes) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "mount", "-t", "tmpfs", "-o", "size=" + bytes, "none", where.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void serverWithoutAFolderForItsSlabsIsNamedWhenOpened() {
    try (MemoryServer server = MemoryServer.start(config(SLABS))) {
      TransportException refusal =
          assertThrows(TransportException.class, () -> open(locator(server)));
      assertTrue(refusal.getMessage().contains("memory-file"), refusal.getMessage());
    }
    assertThrows(LocatorException.class, () -> open("shm:/dev/shm"));
  }

  @Test
  void hasAtomicOperationsAsLongAsTheSlabIsThere() {
    try (MemoryServer server = server();
        FarMemory memory = open(locator(server))) {
      long slab = memory.allocateSlab();
      assertEquals(0, memory.atomics().orElseThrow().fetchAndAdd(slab, 0, 1, 1));
    }
  }

  @Test
  void releasedSlabsMemoryIsGivenBackAtOnceAndClosingLeavesNothing() {
    try (MemoryServer server = server()) {
      FarMemory memory = open(locator(server));
      long slab = memory.allocateSlab();
      memory.allocateSlab();
      assertEquals(2, slabFiles().size());
      memory.releaseSlab(slab);
      assertEquals(1, slabFiles().size());
      assertEquals(0, mappedDeletedFiles());
      memory.close();
      assertEquals(List.of(), slabFiles());
      assertEquals(0, mappedDeletedFiles());
    }
    assertEquals(0, folder.toFile().list().length);
  }

  /** Mappings of this process of slabs that have no name any more. */
  private long mappedDeletedFiles() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(folder.toString()))
          .filter(line -> line.endsWith("(deleted)"))
          .count();
    } catch (IOException e) {
      return fail(e);
    }
  }
}
