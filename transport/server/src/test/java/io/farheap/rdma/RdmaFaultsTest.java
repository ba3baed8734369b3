package io.farheap.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.rdma.fabric.FakeNetwork;
import io.farheap.server.MemoryServer;
import io.farheap.server.RdmaServers;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarAtomics;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queue pairs that break or stall, servers that go, leases that end; over fake devices. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RdmaFaultsTest {
  private static final int SLAB_BYTES = 256 << 10;
  private static final int SLABS = 4;
  private static final long LONG_NANOS = 60_000_000_000L;

  private final FakeNetwork network = new FakeNetwork(11);
  private final Arena arena = Arena.ofShared();
  private MemoryServer server = FakeRdma.serve(network, (long) SLABS * SLAB_BYTES, SLAB_BYTES);
  private RdmaMemory memory;

  @AfterEach
  void close() {
    network.stall(false);
    if (memory != null) {
      memory.close();
    }
    server.close();
    arena.close();
    assertEquals(0, network.openPairs());
  }

  private void open(String settings) {
    memory = FakeRdma.open(network, server, settings);
  }

  private void await(Transfer transfer) {
    memory.await(transfer, memory.clock().getAsLong() + LONG_NANOS);
  }

  private Transfer run(Transfer transfer) {
    memory.submit(transfer);
    await(transfer);
    return transfer;
  }

  private static void until(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private long word(long slab, long slabOffset) {
    MemorySegment local = arena.allocate(8);
    run(new Transfer().read(slab, slabOffset, local.address(), 8));
    return local.get(ValueLayout.JAVA_LONG, 0);
  }

  /** A word that is written by the calling thread, thus on its lane. */
  private void put(long slab, long slabOffset, long value) {
    MemorySegment local = arena.allocate(8);
    local.set(ValueLayout.JAVA_LONG, 0, value);
    run(new Transfer().write(slab, slabOffset, local.address(), 8));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsWrittenSurvivesQueuePairsThatBreak(boolean late) {
    if (late) {
      network.arriveLate();
    }
    open("");
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    long slab = memory.allocateSlab();
    MemorySegment pool = arena.allocate(SLAB_BYTES);
    memory.registerLocal(pool);
    int words = 64;
    long[] expected = new long[words];
    Transfer[] transfers = new Transfer[24];
    Arrays.setAll(transfers, i -> new Transfer());
    for (int round = 0; round < 200; round++) {
      int[] place = random.ints(0, words).distinct().limit(transfers.length).toArray();
      boolean[] write = new boolean[transfers.length];
      for (int i = 0; i < transfers.length; i++) {
        write[i] = random.nextBoolean();
        long rawAddress = pool.address() + 4096L * i;
        int lengthBytes = random.nextBoolean() ? 8 : 512;
        if (write[i]) {
          expected[place[i]] = round * 1000L + i;
          pool.set(ValueLayout.JAVA_LONG, 4096L * i, expected[place[i]]);
          transfers[i].write(slab, 512L * place[i], rawAddress, lengthBytes);
        } else {
          transfers[i].read(slab, 512L * place[i], rawAddress, lengthBytes);
        }
      }
      for (Transfer transfer : transfers) {
        memory.submit(transfer);
      }
      memory.flush();
      if (random.nextInt(4) == 0) {
        network.breakAll();
      }
      for (int i = 0; i < transfers.length; i++) {
        await(transfers[i]);
        assertEquals(
            expected[place[i]],
            pool.get(ValueLayout.JAVA_LONG, 4096L * i),
            "seed " + seed + " round " + round);
      }
    }
  }

  @Test
  void fencedWriteNeverOvertakesWhatIsWrittenAfterItOnAnotherLane() throws Exception {
    network.arriveLate();
    open("?connections=2");
    long slab = memory.allocateSlab();
    put(slab, 0, 1);
    MemorySegment local = arena.allocate(8);
    for (int round = 0; round < 5; round++) {
      long value = 100L + round;
      local.set(ValueLayout.JAVA_LONG, 0, -value);
      network.stall(true);
      Transfer stuck = new Transfer().write(slab, 0, local.address(), 8);
      memory.submit(stuck);
      memory.flush();
      assertThrows(
          TransportTimeoutException.class,
          () -> memory.await(stuck, memory.clock().getAsLong() + 1));
      network.stall(false);
      onTheOtherLane(() -> put(slab, 0, value));
      assertEquals(value, word(slab, 0));
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

  /** It must not be taken for done with the one that is posted after it. */
  @Test
  void readThatAnErrorKeepsFromBeingPostedIsPostedLater() {
    open("");
    long slab = memory.allocateSlab();
    put(slab, 0, 1);
    put(slab, 8, 2);
    MemorySegment local = arena.allocate(16);
    Transfer first = new Transfer().read(slab, 0, local.address(), 8);
    Transfer second = new Transfer().read(slab, 8, local.address() + 8, 8);
    network.throwOnce(new StackOverflowError("on purpose"));
    memory.submit(first);
    assertThrows(StackOverflowError.class, memory::flush);
    run(second);
    await(first);
    assertEquals(2, local.get(ValueLayout.JAVA_LONG, 8));
    assertEquals(1, local.get(ValueLayout.JAVA_LONG, 0));
  }

  @Test
  void fencedReadIntoRegisteredMemoryTouchesItNoMore() {
    open("");
    long slab = memory.allocateSlab();
    put(slab, 0, 1);
    MemorySegment pool = arena.allocate(4096);
    memory.registerLocal(pool);
    for (boolean registered : new boolean[] {true, false}) {
      MemorySegment local = registered ? pool : arena.allocate(8);
      network.stall(true);
      Transfer stuck = new Transfer().read(slab, 0, local.address(), 8);
      memory.submit(stuck);
      memory.flush();
      memory.fence(stuck);
      assertInstanceOf(TransportTimeoutException.class, stuck.failure());
      local.set(ValueLayout.JAVA_LONG, 0, 7);
      network.stall(false);
      assertEquals(1, word(slab, 0));
      assertEquals(7, local.get(ValueLayout.JAVA_LONG, 0));
    }
  }

  @Test
  void transferThatWaitsFailsTypedOnceTheServerIsAwayForTooLong() {
    open("?retry=300ms");
    long slab = memory.allocateSlab();
    server.close();
    MemorySegment local = arena.allocate(8);
    Transfer transfer = new Transfer().read(slab, 0, local.address(), 8);
    until(
        () -> {
          memory.submit(transfer.read(slab, 0, local.address(), 8));
          memory.flush();
          try {
            await(transfer);
            return false;
          } catch (ConnectionLostException e) {
            return true;
          }
        });
    assertThrows(ConnectionLostException.class, memory::allocateSlab);
  }

  @Test
  void slabsOfAnEndedLeaseAreLostAndNewOnesCanBeHad() {
    server.close();
    server =
        RdmaServers.start(
            FakeRdma.config((long) SLABS * SLAB_BYTES, SLAB_BYTES).withTimes(30_000, 1_000),
            network.fabric());
    int port = server.addresses().getFirst().getPort();
    open("?retry=10s");
    long slab = memory.allocateSlab();
    put(slab, 0, 5);
    server.close();
    server =
        RdmaServers.start(
            FakeRdma.config(port, (long) SLABS * SLAB_BYTES, SLAB_BYTES), network.fabric());
    MemorySegment local = arena.allocate(8);
    Transfer transfer = new Transfer();
    assertThrows(SlabLostException.class, () -> run(transfer.read(slab, 0, local.address(), 8)));
    memory.releaseSlab(slab);
    long next = memory.allocateSlab();
    assertEquals(0, word(next, 0));
  }

  @Test
  void keyThatTheServerDoesNotKnowIsALostSlabAndOthersGoOn() {
    open("");
    long slab = memory.allocateSlab();
    long other = memory.allocateSlab();
    put(other, 8, 3);
    MemorySegment local = arena.allocate(16);
    Transfer bad = FakeRdma.readByWrongKey(memory, slab, local.address());
    Transfer good = new Transfer().read(other, 8, local.address() + 8, 8);
    memory.submit(good);
    memory.flush();
    assertThrows(SlabLostException.class, () -> await(bad));
    await(good);
    assertEquals(3, local.get(ValueLayout.JAVA_LONG, 8));
  }

  @Test
  void memoryThatCannotBeLockedIsRefusedTypedOnBothSides() {
    open("");
    network.limitLocked(SLAB_BYTES / 2);
    MemorySegment pool = arena.allocate(SLAB_BYTES);
    TransportException refusal =
        assertThrows(TransportException.class, () -> memory.registerLocal(pool));
    assertTrue(refusal.getMessage().contains("ulimit"), refusal.getMessage());
    FarMemoryFullException full = assertThrows(FarMemoryFullException.class, memory::allocateSlab);
    assertTrue(full.getMessage().contains("ulimit"), full.getMessage());
    assertEquals(0, server.figures().slabs(), "the slab was not given back");
    network.limitLocked(Long.MAX_VALUE);
    memory.registerLocal(pool);
    assertEquals(0, word(memory.allocateSlab(), 0));
  }

  @Test
  void clientThatIsRefusedAtTheDoorFailsTyped() {
    network.refuse(true);
    assertThrows(ConnectionLostException.class, () -> FakeRdma.open(network, server, ""));
    assertEquals(0, server.figures().clients());
    network.refuse(false);
    open("");
    assertEquals(0, word(memory.allocateSlab(), 0));
  }

  @Test
  void manyTransfersGoWithOneDoorbellAndNoServersHelp() {
    open("?connections=1");
    long slab = memory.allocateSlab();
    MemorySegment pool = arena.allocate(SLAB_BYTES);
    memory.registerLocal(pool);
    Transfer[] transfers = new Transfer[24];
    Arrays.setAll(
        transfers, i -> new Transfer().read(slab, 4096L * i, pool.address() + 4096L * i, 4096));
    int doorbells = network.doorbells();
    for (Transfer transfer : transfers) {
      memory.submit(transfer);
    }
    memory.flush();
    for (Transfer transfer : transfers) {
      await(transfer);
    }
    assertEquals(1, network.doorbells() - doorbells);
    assertEquals(0, server.figures().reads());
    assertEquals(0, server.figures().writes());
  }

  @Test
  void atomicOperationWhoseQueuePairBreaksIsNotDoneTwice() {
    open("?connections=1");
    FarAtomics atomics = memory.atomics().orElseThrow();
    long slab = memory.allocateSlab();
    long sum = 0;
    int uncertain = 0;
    for (int i = 0; i < 50; i++) {
      if (i % 5 == 0) {
        network.breakAll();
      }
      try {
        long before = atomics.fetchAndAdd(slab, 16, 1, LONG_NANOS);
        assertTrue(before >= sum, "an addition was lost");
        assertTrue(before <= sum + uncertain, "an addition was done twice");
        sum = before + 1;
        uncertain = 0;
      } catch (ConnectionLostException e) {
        uncertain++;
      }
    }
    assertTrue(sum > 0);
    network.stall(true);
    assertThrows(
        TransportTimeoutException.class, () -> atomics.compareAndSwap(slab, 24, 0, 1, 1_000_000));
    network.stall(false);
    assertFalse(word(slab, 24) > 1);
  }
}
