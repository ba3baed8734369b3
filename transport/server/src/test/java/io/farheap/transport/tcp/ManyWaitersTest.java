package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads that wait, many transfers under way, and threads that are interrupted. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyWaitersTest {
  private static final int SLAB_BYTES = 4 << 20;
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = SLAB_BYTES / PAGE_BYTES;
  private static final long DEADLINE_NANOS = 60_000_000_000L;

  private final Arena arena = Arena.ofShared();
  private MemoryServer server;
  private FarMemory memory;
  private long slab;

  @BeforeEach
  void startServer() {
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                SLAB_BYTES,
                SLAB_BYTES));
    memory =
        Transports.open(
            "tcp://127.0.0.1:" + server.addresses().getFirst().getPort() + "?connections=2",
            TransportOptions.defaults());
    slab = memory.allocateSlab();
    MemorySegment local = arena.allocate(SLAB_BYTES);
    for (int page = 0; page < PAGES; page++) {
      local.asSlice((long) page * PAGE_BYTES, PAGE_BYTES).fill((byte) page);
    }
    run(new Transfer().write(slab, 0, local.address(), SLAB_BYTES));
  }

  @AfterEach
  void stopServer() {
    memory.close();
    server.close();
    arena.close();
  }

  private void run(Transfer transfer) {
    memory.submit(transfer);
    memory.flush();
    memory.await(transfer, System.nanoTime() + DEADLINE_NANOS);
  }

  private void readPage(int page, MemorySegment to, Transfer transfer) {
    to.fill((byte) ~page);
    run(transfer.read(slab, (long) page * PAGE_BYTES, to.address(), PAGE_BYTES));
    assertEquals((byte) page, to.get(ValueLayout.JAVA_BYTE, 0));
    assertEquals((byte) page, to.get(ValueLayout.JAVA_BYTE, PAGE_BYTES - 1));
  }

  @Test
  void virtualThreadsOverlapTheirWaits() throws Exception {
    readOnThreads(Executors.newVirtualThreadPerTaskExecutor(), 2_000, 10);
  }

  @Test
  void platformThreadsShareTheConnections() throws Exception {
    readOnThreads(Executors.newFixedThreadPool(16), 16, 500);
  }

  private void readOnThreads(ExecutorService threads, int tasks, int reads) throws Exception {
    List<Future<?>> futures = new ArrayList<>();
    try (threads) {
      for (int task = 0; task < tasks; task++) {
        int first = task * 7;
        futures.add(
            threads.submit(
                () -> {
                  try (Arena own = Arena.ofShared()) {
                    MemorySegment to = own.allocate(PAGE_BYTES);
                    Transfer transfer = new Transfer();
                    for (int i = 0; i < reads; i++) {
                      readPage((first + i) % PAGES, to, transfer);
                    }
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    assertEquals((long) tasks * reads, memory.statistics().reads());
  }

  @Test
  void moreThanTheWindowMayBeUnderWay() {
    int count = 4 * PAGES;
    MemorySegment local = arena.allocate((long) count * PAGE_BYTES);
    Transfer[] transfers = new Transfer[count];
    for (int i = 0; i < count; i++) {
      transfers[i] =
          new Transfer()
              .read(
                  slab,
                  (long) (i % PAGES) * PAGE_BYTES,
                  local.address() + (long) i * PAGE_BYTES,
                  PAGE_BYTES);
    }
    for (Transfer transfer : transfers) {
      memory.submit(transfer);
    }
    memory.flush();
    for (int i = count - 1; i >= 0; i--) {
      memory.await(transfers[i], System.nanoTime() + DEADLINE_NANOS);
      assertEquals((byte) i, local.get(ValueLayout.JAVA_BYTE, (long) i * PAGE_BYTES));
    }
  }

  /** An interrupt is the application's; it must end neither the wait nor the connection. */
  @Test
  void anInterruptEndsNothing() {
    MemorySegment to = arena.allocate(PAGE_BYTES);
    Transfer transfer = new Transfer();
    for (int page = 0; page < 50; page++) {
      Thread.currentThread().interrupt();
      readPage(page, to, transfer);
      assertTrue(Thread.interrupted());
    }
    Thread virtual =
        Thread.ofVirtual()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  readPage(1, to, transfer);
                });
    boolean interrupted = false;
    while (virtual.isAlive()) {
      interrupted |= Thread.interrupted();
      Thread.onSpinWait();
    }
    assertEquals(1, server.figures().clients());
    assertEquals(0, server.figures().brokenConnections());
    assertTrue(!interrupted && memory.statistics().reads() == 51);
  }
}
