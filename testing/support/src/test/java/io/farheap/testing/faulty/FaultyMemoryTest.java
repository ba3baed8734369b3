package io.farheap.testing.faulty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.Transports;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultyMemoryTest {
  private static final int SEEDS = 200;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment local = arena.allocate(64);
  private final AtomicLong nowNanos = new AtomicLong();

  @AfterEach
  void freeLocal() {
    arena.close();
  }

  private FaultyMemory open(FaultPlan plan) {
    FarMemory inner =
        Transports.open(
            "embedded:?slab=4KiB&capacity=64KiB",
            TransportOptions.defaults().withClock(nowNanos::get));
    return new FaultyMemory(inner, plan, nowNanos::get);
  }

  private static boolean pollUntilComplete(FarMemory memory, Transfer transfer, int polls) {
    for (int i = 0; i < polls; i++) {
      if (memory.poll(transfer)) {
        return true;
      }
    }
    return false;
  }

  /** Writes a value and returns what is far afterwards, whatever became of the write. */
  private long farAfterwards(FaultyMemory memory, long slab) {
    memory.setEnabled(false);
    Transfer in = new Transfer().read(slab, 0, local.address() + 32, 8);
    memory.submit(in);
    assertTrue(memory.poll(in));
    assertTrue(in.isDone());
    memory.setEnabled(true);
    return local.get(ValueLayout.JAVA_LONG, 32);
  }

  private Transfer submitWrite(FaultyMemory memory, long slab, int at, long value) {
    local.set(ValueLayout.JAVA_LONG, at, value);
    Transfer out = new Transfer().write(slab, 0, local.address() + at, 8);
    memory.submit(out);
    return out;
  }

  @Test
  void delayedTransferTakesBoundedPollsAndTime() {
    int late = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withDelay(1, 5, 100))) {
        Transfer out = submitWrite(memory, memory.allocateSlab(), 0, 1);
        assertFalse(out.isComplete());
        late += pollUntilComplete(memory, out, 5) ? 0 : 1;
        nowNanos.addAndGet(100);
        assertTrue(pollUntilComplete(memory, out, 5) && out.isDone(), "seed " + seed);
        assertEquals(1, memory.faults().delayed());
      }
    }
    assertTrue(late > SEEDS / 2, "only " + late + " were late by the clock");
  }

  @Test
  void overlappingWritesInFlightLandInEitherOrder() {
    Set<Long> outcomes = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withReorder(1))) {
        long slab = memory.allocateSlab();
        Transfer first = submitWrite(memory, slab, 0, 1);
        Transfer second = submitWrite(memory, slab, 8, 2);
        assertTrue(pollUntilComplete(memory, first, 1000), "seed " + seed);
        assertTrue(pollUntilComplete(memory, second, 1000), "seed " + seed);
        outcomes.add(farAfterwards(memory, slab));
        Transfer third = submitWrite(memory, slab, 16, 3);
        assertTrue(pollUntilComplete(memory, third, 1000), "seed " + seed);
        assertEquals(3, farAfterwards(memory, slab), "seed " + seed);
      }
    }
    assertEquals(Set.of(1L, 2L), outcomes);
  }

  @Test
  void failedWriteHasLandedOrNot() {
    Set<Long> outcomes = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withFail(1))) {
        long slab = memory.allocateSlab();
        Transfer out = submitWrite(memory, slab, 0, 1);
        assertTrue(pollUntilComplete(memory, out, 10), "seed " + seed);
        assertInstanceOf(ConnectionLostException.class, out.failure());
        assertTrue(out.failure().getMessage().contains("seed " + seed));
        outcomes.add(farAfterwards(memory, slab));
      }
    }
    assertEquals(Set.of(0L, 1L), outcomes);
  }

  @Test
  void failedReadLandsInPart() {
    int landedInPart = 0;
    MemorySegment page = arena.allocate(4096);
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withFail(1))) {
        page.fill((byte) 1);
        Transfer in = new Transfer().read(memory.allocateSlab(), 0, page.address() + 8, 4080);
        memory.submit(in);
        assertTrue(pollUntilComplete(memory, in, 10), "seed " + seed);
        assertInstanceOf(ConnectionLostException.class, in.failure());
        assertEquals(0x0101010101010101L, page.get(ValueLayout.JAVA_LONG, 0), "before the read");
        assertEquals(0x0101010101010101L, page.get(ValueLayout.JAVA_LONG, 4088), "behind it");
        int far = 0;
        int scribbled = 0;
        for (byte found : page.asSlice(8, 4080).toArray(ValueLayout.JAVA_BYTE)) {
          far += found == 0 ? 1 : 0;
          scribbled += found != 0 && found != 1 ? 1 : 0;
        }
        landedInPart += far > scribbled && scribbled > 0 ? 1 : 0;
      }
    }
    assertTrue(landedInPart > SEEDS / 4, landedInPart + " failed reads landed in part");
  }

  @Test
  void droppedWriteEndsAtItsFenceAndLandsBeforeItOrNever() {
    Set<Long> outcomes = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withDrop(1))) {
        long slab = memory.allocateSlab();
        Transfer out = submitWrite(memory, slab, 0, 1);
        assertFalse(pollUntilComplete(memory, out, (int) (seed % 4)));
        memory.fence(out);
        assertInstanceOf(TransportTimeoutException.class, out.failure());
        local.set(ValueLayout.JAVA_LONG, 0, 99);
        long decided = farAfterwards(memory, slab);
        outcomes.add(decided);
        Transfer other = submitWrite(memory, slab, 8, 5);
        pollUntilComplete(memory, other, 20);
        memory.fence(other);
        long after = farAfterwards(memory, slab);
        assertTrue(after == decided || after == 5, "seed " + seed + " after " + after);
      }
    }
    assertEquals(Set.of(0L, 1L), outcomes);
  }

  @Test
  void droppedTransferRunsIntoItsDeadline() {
    AtomicLong clock = new AtomicLong();
    FarMemory inner =
        Transports.open("embedded:?slab=4KiB&capacity=4KiB", TransportOptions.defaults());
    try (FaultyMemory memory =
        new FaultyMemory(inner, FaultPlan.none(1).withDrop(1), () -> clock.addAndGet(1000))) {
      Transfer out = submitWrite(memory, memory.allocateSlab(), 0, 1);
      assertThrows(TransportTimeoutException.class, () -> memory.await(out, clock.get() + 20_000));
      assertTrue(out.isComplete());
    }
  }

  @Test
  void allocationFailsNowAndThen() {
    try (FaultyMemory memory = open(FaultPlan.none(11).withFull(0.5))) {
      int full = 0;
      for (int i = 0; i < 100; i++) {
        try {
          memory.releaseSlab(memory.allocateSlab());
        } catch (FarMemoryFullException e) {
          full++;
        }
      }
      assertTrue(full > 10 && full < 90, full + " of 100");
      assertEquals(full, memory.faults().refusedSlabs());
      memory.setEnabled(false);
      for (int i = 0; i < 16; i++) {
        memory.allocateSlab();
      }
    }
  }

  @Test
  void disconnectionFailsEverythingUntilReconnected() {
    Set<Long> outcomes = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      try (FaultyMemory memory = open(FaultPlan.none(seed).withDelay(0.5, 4, 0))) {
        long slab = memory.allocateSlab();
        Transfer before = submitWrite(memory, slab, 0, 1);
        memory.disconnect();
        assertTrue(memory.poll(before));
        assertInstanceOf(ConnectionLostException.class, before.failure());
        Transfer during = submitWrite(memory, slab, 8, 2);
        assertInstanceOf(ConnectionLostException.class, during.failure());
        assertThrows(ConnectionLostException.class, memory::allocateSlab);
        assertThrows(ConnectionLostException.class, () -> memory.releaseSlab(slab));
        assertThrows(ConnectionLostException.class, () -> memory.call("ping", new byte[0], 1000));
        memory.flush();
        memory.reconnect();
        outcomes.add(farAfterwards(memory, slab));
      }
    }
    assertEquals(Set.of(0L, 1L), outcomes);
  }

  @Test
  void closingEndsWhatIsHeld() {
    for (long seed = 0; seed < SEEDS; seed++) {
      FaultyMemory memory =
          open(FaultPlan.none(seed).withDelay(0.3, 9, 0).withReorder(0.3).withDrop(0.3));
      Transfer out = submitWrite(memory, memory.allocateSlab(), 0, 1);
      memory.close();
      assertTrue(memory.poll(out), "seed " + seed);
    }
  }

  @Test
  void transferOfAnotherMemoryIsRefused() {
    FaultPlan plan = FaultPlan.none(1).withDrop(1);
    try (FaultyMemory memory = open(plan);
        FaultyMemory other = open(plan)) {
      Transfer out = submitWrite(memory, memory.allocateSlab(), 0, 1);
      assertThrows(IllegalStateException.class, () -> other.poll(out));
      assertThrows(IllegalStateException.class, () -> other.fence(out));
    }
  }
}
