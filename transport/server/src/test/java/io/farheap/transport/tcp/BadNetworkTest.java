package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.Transports;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of transfers when connections break, fall silent or damage what they carry. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadNetworkTest {
  private static final int SLAB_BYTES = 1 << 20;
  private static final long DEADLINE_NANOS = 30_000_000_000L;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment local = arena.allocate(SLAB_BYTES);
  private MemoryServer server;
  private Proxy proxy;
  private FarMemory memory;

  @BeforeEach
  void startServer() throws IOException {
    server = MemoryServer.start(config(0));
    proxy = new Proxy(server.addresses().getFirst());
  }

  private static ServerConfig config(int port) {
    return ServerConfig.insecure(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4 * SLAB_BYTES, SLAB_BYTES);
  }

  @AfterEach
  void stopAll() throws IOException {
    if (memory != null) {
      memory.close();
    }
    proxy.close();
    server.close();
    arena.close();
  }

  private void open(String settings) {
    memory =
        Transports.open(
            "tcp://127.0.0.1:" + proxy.port() + "?" + settings, TransportOptions.defaults());
  }

  private void await(Transfer transfer, long nanos) {
    memory.await(transfer, System.nanoTime() + nanos);
  }

  private void write(long slab, long offset, byte[] bytes) {
    MemorySegment.copy(bytes, 0, local, ValueLayout.JAVA_BYTE, 0, bytes.length);
    Transfer transfer = new Transfer().write(slab, offset, local.address(), bytes.length);
    memory.submit(transfer);
    memory.flush();
    await(transfer, DEADLINE_NANOS);
  }

  private byte[] read(long slab, long offset, int lengthBytes) {
    local.asSlice(0, lengthBytes).fill((byte) 0x77);
    Transfer transfer = new Transfer().read(slab, offset, local.address(), lengthBytes);
    memory.submit(transfer);
    memory.flush();
    await(transfer, DEADLINE_NANOS);
    return local.asSlice(0, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Random reads and writes against a copy of the slab; damage and cuts must not be seen. */
  private void readAndWrite(long seed, int steps) {
    SplittableRandom random = new SplittableRandom(seed);
    long slab = memory.allocateSlab();
    byte[] expected = new byte[SLAB_BYTES];
    int[] lengths = {1, 64, 512, 4096, 4097, 70_000, 300_000, SLAB_BYTES};
    for (int step = 0; step < steps; step++) {
      int lengthBytes = lengths[random.nextInt(lengths.length)];
      int offset = random.nextInt(SLAB_BYTES - lengthBytes + 1);
      if (random.nextBoolean()) {
        byte[] bytes = new byte[lengthBytes];
        random.nextBytes(bytes);
        write(slab, offset, bytes);
        System.arraycopy(bytes, 0, expected, offset, lengthBytes);
      } else {
        assertArrayEquals(
            Arrays.copyOfRange(expected, offset, offset + lengthBytes),
            read(slab, offset, lengthBytes),
            "seed " + seed + " step " + step);
      }
    }
  }

  @Test
  void aGoodNetworkCarriesTransfersOfAllLengths() {
    open("connections=2");
    readAndWrite(1, 300);
  }

  @Test
  void cutConnectionsAreNotSeen() {
    open("connections=2");
    proxy.misbehave(2, 0, 0.01);
    readAndWrite(2, 150);
    proxy.misbehave(2, 0, 0);
  }

  @Test
  void damagedBytesAreNotSeen() {
    open("connections=2");
    proxy.misbehave(3, 0.01, 0);
    readAndWrite(3, 150);
    proxy.misbehave(3, 0, 0);
  }

  @Test
  void silenceIsNoticedAndTheLeaseTakenUpAgain() {
    open("connections=2");
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {1, 2, 3});
    Proxy.Held held = proxy.hold();
    assertArrayEquals(new byte[] {1, 2, 3}, read(slab, 0, 3));
    held.release();
  }

  @Test
  void whileTheServerIsAwayRequestsFailTypedAndNothingIsLost() {
    open("retry=200ms");
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {4, 5, 6});
    proxy.cut(false);
    Transfer transfer = new Transfer().read(slab, 0, local.address(), 3);
    memory.submit(transfer);
    ConnectionLostException failure =
        assertThrows(ConnectionLostException.class, () -> await(transfer, DEADLINE_NANOS));
    assertTrue(failure.getMessage().contains("away"), failure.getMessage());
    assertThrows(TransportException.class, memory::allocateSlab);
    proxy.accept(true);
    byte[] found = null;
    while (found == null) {
      found = readOrNull(slab);
    }
    assertArrayEquals(new byte[] {4, 5, 6}, found);
  }

  private byte[] readOrNull(long slab) {
    try {
      return read(slab, 0, 3);
    } catch (ConnectionLostException e) {
      return null;
    }
  }

  @Test
  void aServerThatBeginsAnewHasLostTheSlabs() {
    open("connections=2");
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {1});
    int port = server.addresses().getFirst().getPort();
    server.close();
    server = MemoryServer.start(config(port));
    assertThrows(SlabLostException.class, () -> read(slab, 0, 1));
    assertThrows(SlabLostException.class, () -> write(slab, 0, new byte[1]));
    memory.releaseSlab(slab);
    long fresh = memory.allocateSlab();
    write(fresh, 0, new byte[] {8});
    assertArrayEquals(new byte[] {8}, read(fresh, 0, 1));
  }

  @Test
  void aFencedWriteDoesNotLandLater() {
    open("connections=1");
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {1});
    for (int round = 0; round < 3; round++) {
      Proxy.Held held = proxy.hold();
      local.set(ValueLayout.JAVA_BYTE, 0, (byte) 66);
      Transfer stuck = new Transfer().write(slab, 0, local.address(), 1);
      memory.submit(stuck);
      memory.flush();
      assertThrows(TransportTimeoutException.class, () -> await(stuck, 1_000_000));
      assertEquals(Transfer.FAILED, stuck.state());
      write(slab, 0, new byte[] {(byte) round});
      held.release();
      for (int i = 0; i < 50; i++) {
        assertArrayEquals(new byte[] {(byte) round}, read(slab, 0, 1));
      }
    }
  }

  @Test
  void aFencedReadDoesNotLandLater() {
    open("connections=1");
    long slab = memory.allocateSlab();
    byte[] ones = new byte[SLAB_BYTES];
    Arrays.fill(ones, (byte) 1);
    write(slab, 0, ones);
    local.fill((byte) 2);
    Proxy.Held held = proxy.hold();
    Transfer stuck = new Transfer().read(slab, 0, local.address(), SLAB_BYTES);
    memory.submit(stuck);
    memory.flush();
    assertThrows(TransportTimeoutException.class, () -> await(stuck, 1_000_000));
    local.fill((byte) 3);
    held.release();
    MemorySegment other = arena.allocate(1);
    Transfer next = new Transfer().read(slab, 0, other.address(), 1);
    memory.submit(next);
    await(next, DEADLINE_NANOS);
    assertEquals(1, other.get(ValueLayout.JAVA_BYTE, 0));
    assertEquals(-1, local.mismatch(arena.allocate(SLAB_BYTES).fill((byte) 3)));
  }

  /** What is here already lies in its place; what comes after the fence must not follow it. */
  @Test
  void theRestOfAFencedReadDoesNotLandLater() {
    open("connections=1");
    long slab = memory.allocateSlab();
    int lengthBytes = 100_000;
    byte[] ones = new byte[lengthBytes];
    Arrays.fill(ones, (byte) 1);
    write(slab, 0, ones);
    local.fill((byte) 2);
    Proxy.Held held = proxy.holdAnswers(10_000);
    Transfer stuck = new Transfer().read(slab, 0, local.address(), lengthBytes);
    memory.submit(stuck);
    memory.flush();
    while (local.get(ValueLayout.JAVA_BYTE, 9_000) == 2) {
      assertFalse(memory.poll(stuck));
    }
    memory.fence(stuck);
    assertEquals(Transfer.FAILED, stuck.state());
    local.fill((byte) 3);
    held.release();
    MemorySegment other = arena.allocate(lengthBytes);
    Transfer next = new Transfer().read(slab, 0, other.address(), lengthBytes);
    memory.submit(next);
    await(next, DEADLINE_NANOS);
    assertArrayEquals(ones, other.toArray(ValueLayout.JAVA_BYTE));
    assertEquals(-1, local.mismatch(arena.allocate(SLAB_BYTES).fill((byte) 3)));
  }

  /** Two connections, where the order of one does not help. */
  @Test
  void aFencedWriteDoesNotLandAfterOneOnAnotherConnection() throws Exception {
    open("connections=2");
    long slab = memory.allocateSlab();
    write(slab, 0, new byte[] {1});
    MemorySegment stuckBytes = arena.allocate(1).fill((byte) 66);
    for (int round = 0; round < 5; round++) {
      int connection = (int) (Thread.currentThread().threadId() % 2);
      Proxy.Held held = proxy.hold(connection, 2);
      Transfer stuck = new Transfer().write(slab, 0, stuckBytes.address(), 1);
      memory.submit(stuck);
      memory.flush();
      memory.fence(stuck);
      assertEquals(Transfer.FAILED, stuck.state());
      byte value = (byte) round;
      onTheOtherLane(() -> write(slab, 0, new byte[] {value}));
      held.release();
      for (int i = 0; i < 50; i++) {
        assertArrayEquals(new byte[] {value}, read(slab, 0, 1));
      }
    }
  }

  /** Threads take lanes by their numbers, here one of two. */
  private static void onTheOtherLane(Runnable job) throws InterruptedException {
    Thread thread = Thread.ofPlatform().unstarted(job);
    while ((thread.threadId() - Thread.currentThread().threadId()) % 2 == 0) {
      thread = Thread.ofPlatform().unstarted(job);
    }
    thread.start();
    thread.join();
  }

  /** Silence ends the link while the call is under way. */
  @Test
  void aCallIsNotMadeTwice() {
    open("connections=1");
    Proxy.Held held = proxy.hold();
    ConnectionLostException failure =
        assertThrows(
            ConnectionLostException.class, () -> memory.call("echo", new byte[1], DEADLINE_NANOS));
    assertTrue(failure.getMessage().contains("may or may not"), failure.getMessage());
    held.release();
    assertArrayEquals(new byte[1], callUntilThere());
  }

  private byte[] callUntilThere() {
    while (true) {
      try {
        return memory.call("echo", new byte[1], DEADLINE_NANOS);
      } catch (ConnectionLostException e) {
        assertTrue(e.getMessage().contains("may or may not"), e.getMessage());
      }
    }
  }
}
