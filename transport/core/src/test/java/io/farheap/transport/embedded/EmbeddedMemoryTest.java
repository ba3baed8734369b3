package io.farheap.transport.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportTimeoutException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Latency under a clock in the test's hand, and what memory the process really holds. */
class EmbeddedMemoryTest {
  private static final long SLAB_BYTES = 4L << 20;

  private final Arena arena = Arena.ofConfined();
  private final AtomicLong nowNanos = new AtomicLong(1000);

  @AfterEach
  void freeLocal() {
    arena.close();
  }

  private EmbeddedMemory open(long latencyNanos, double nanosPerByte) {
    return new EmbeddedMemory(
        new EmbeddedOptions(
            4 * SLAB_BYTES, SLAB_BYTES, latencyNanos, nanosPerByte, false, nowNanos::get));
  }

  @Test
  void hasAtomicOperations() {
    try (EmbeddedMemory memory = open(0, 0)) {
      assertTrue(memory.atomics().isPresent());
    }
  }

  @Test
  void completesWhenLatencyAndLengthAreDue() {
    try (EmbeddedMemory memory = open(100, 0.5)) {
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer().read(slab, 0, arena.allocate(64).address(), 64);
      memory.submit(transfer);
      nowNanos.addAndGet(131);
      assertFalse(memory.poll(transfer));
      nowNanos.addAndGet(1);
      assertTrue(memory.poll(transfer));
      assertTrue(transfer.isDone());
    }
  }

  @Test
  void transferWhoseSubmissionThrowsIsNotInFlight() {
    EmbeddedOptions options =
        new EmbeddedOptions(
            4 * SLAB_BYTES,
            SLAB_BYTES,
            100,
            0,
            false,
            () -> {
              throw new StackOverflowError("on purpose");
            });
    try (EmbeddedMemory memory = new EmbeddedMemory(options)) {
      long slab = memory.allocateSlab();
      long rawAddress = arena.allocate(8).address();
      Transfer transfer = new Transfer().read(slab, 0, rawAddress, 8);
      assertThrows(StackOverflowError.class, () -> memory.submit(transfer));
      assertEquals(Transfer.IDLE, transfer.read(slab, 0, rawAddress, 8).state());
    }
  }

  @Test
  void delayedWriteIsSeenByLaterReads() {
    try (EmbeddedMemory memory = open(100, 0)) {
      long slab = memory.allocateSlab();
      MemorySegment local = arena.allocate(16);
      local.set(ValueLayout.JAVA_LONG, 0, 42);
      Transfer out = new Transfer().write(slab, 0, local.address(), 8);
      memory.submit(out);
      nowNanos.addAndGet(100);
      assertTrue(memory.poll(out));
      Transfer in = new Transfer().read(slab, 0, local.address() + 8, 8);
      memory.submit(in);
      assertFalse(memory.poll(in));
      nowNanos.addAndGet(100);
      assertTrue(memory.poll(in));
      assertEquals(42, local.get(ValueLayout.JAVA_LONG, 8));
    }
  }

  @Test
  void fenceAndCloseFailWhatIsNotDue() {
    EmbeddedMemory memory = open(100, 0);
    long slab = memory.allocateSlab();
    long rawAddress = arena.allocate(8).address();
    Transfer fenced = new Transfer().read(slab, 0, rawAddress, 8);
    Transfer left = new Transfer().read(slab, 0, rawAddress, 8);
    memory.submit(fenced);
    memory.submit(left);
    memory.fence(fenced);
    assertInstanceOf(TransportTimeoutException.class, fenced.failure());
    memory.close();
    assertTrue(memory.poll(left));
    assertInstanceOf(ConnectionLostException.class, left.failure());
  }

  @Test
  void withoutLatencyNoClockIsRead() {
    EmbeddedOptions options =
        new EmbeddedOptions(
            SLAB_BYTES,
            SLAB_BYTES,
            0,
            0,
            false,
            () -> {
              throw new AssertionError("the clock was read");
            });
    try (EmbeddedMemory memory = new EmbeddedMemory(options)) {
      Transfer transfer =
          new Transfer().read(memory.allocateSlab(), 0, arena.allocate(8).address(), 8);
      memory.submit(transfer);
      assertTrue(transfer.isDone());
      memory.await(transfer, 0);
    }
  }

  @Test
  void memoryIsTakenOnTouchAndGivenBack() throws IOException {
    EmbeddedMemory memory = open(0, 0);
    long first = memory.allocateSlab();
    long second = memory.allocateSlab();
    long firstRawAddress = memory.rawAddress(first);
    assertEquals(0, residentBytes(firstRawAddress));
    long rawAddress = arena.allocate(SLAB_BYTES).address();
    for (long slab : new long[] {first, second}) {
      memory.submit(new Transfer().write(slab, 0, rawAddress, (int) SLAB_BYTES));
    }
    assertEquals(2 * SLAB_BYTES, residentBytes(firstRawAddress));
    memory.releaseSlab(second);
    assertEquals(SLAB_BYTES, residentBytes(firstRawAddress));
    memory.close();
    assertEquals(0, residentBytes(firstRawAddress));
  }

  /** What the system says is resident of the mappings from the one that holds an address. */
  private static long residentBytes(long rawAddress) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    boolean inside = false;
    for (String line : lines) {
      String[] words = line.split("\\s+", -1);
      if (words[0].matches("[0-9a-f]+-[0-9a-f]+")) {
        String[] range = words[0].split("-", 2);
        long start = Long.parseLong(range[0], 16);
        long end = Long.parseLong(range[1], 16);
        inside = start <= rawAddress && rawAddress < end;
      } else if (inside && words[0].equals("Rss:")) {
        return Long.parseLong(words[1]) << 10;
      }
    }
    throw new AssertionError("no mapping holds " + Long.toHexString(rawAddress));
  }

  /** Closing gives the bytes back under a running copy; what was read then must not count. */
  @Test
  void readThatRunsIntoTheClosingIsNotDone() throws Exception {
    MemorySegment buffer = arena.allocate(SLAB_BYTES);
    MemorySegment ones = arena.allocate(SLAB_BYTES).fill((byte) 1);
    for (int round = 0; round < 40; round++) {
      EmbeddedMemory memory = open(0, 0);
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer().write(slab, 0, ones.address(), (int) SLAB_BYTES);
      memory.submit(transfer);
      CountDownLatch reading = new CountDownLatch(1);
      FutureTask<Void> closing =
          new FutureTask<>(
              () -> {
                reading.await();
                memory.close();
                return null;
              });
      Thread.ofPlatform().start(closing);
      while (true) {
        memory.submit(transfer.read(slab, 0, buffer.address(), (int) SLAB_BYTES));
        if (!transfer.isDone()) {
          assertInstanceOf(ConnectionLostException.class, transfer.failure());
          break;
        }
        assertEquals(-1, buffer.mismatch(ones), "a read of closed memory went unnoticed");
        reading.countDown();
      }
      closing.get();
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new EmbeddedOptions(SLAB_BYTES - 1, SLAB_BYTES, 0, 0, false, System::nanoTime));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EmbeddedOptions(SLAB_BYTES, SLAB_BYTES, 0, Double.NaN, false, System::nanoTime));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EmbeddedOptions(SLAB_BYTES, SLAB_BYTES, -1, 0, false, System::nanoTime));
    assertThrows(
        IllegalArgumentException.class,
        () -> new EmbeddedOptions(SLAB_BYTES, 3 << 20, 0, 0, false, System::nanoTime));
  }

  @Test
  void callNeedsTime() {
    try (EmbeddedMemory memory = open(0, 0)) {
      assertThrows(IllegalArgumentException.class, () -> memory.call("ping", new byte[0], 0));
    }
  }
}
