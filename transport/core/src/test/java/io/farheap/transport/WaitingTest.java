package io.farheap.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.embedded.EmbeddedMemory;
import io.farheap.transport.embedded.EmbeddedOptions;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Waiting under a clock that moves a little whenever it is read. */
class WaitingTest {
  private static final long STEP_NANOS = 500;

  private final AtomicLong nowNanos = new AtomicLong(Long.MAX_VALUE - 10_000);

  private FarMemory open(long latencyNanos) {
    return new EmbeddedMemory(
        new EmbeddedOptions(
            4096, 4096, latencyNanos, 0, false, () -> nowNanos.addAndGet(STEP_NANOS)));
  }

  @Test
  void waitsAcrossTheOverflowOfTheClock() {
    try (FarMemory memory = open(200_000);
        Arena arena = Arena.ofConfined()) {
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer().read(slab, 0, arena.allocate(8).address(), 8);
      memory.submit(transfer);
      assertFalse(memory.poll(transfer));
      memory.await(transfer, nowNanos.get() + 1_000_000);
      assertTrue(transfer.isDone());
      assertTrue(nowNanos.get() < 0);
    }
  }

  @Test
  void deadlineFencesAndNamesTheRequest() {
    try (FarMemory memory = open(10_000_000);
        Arena arena = Arena.ofConfined()) {
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer().write(slab, 16, arena.allocate(8).address(), 8);
      memory.submit(transfer);
      long deadlineNanos = nowNanos.get() + 100_000;
      TransportTimeoutException e =
          assertThrows(
              TransportTimeoutException.class, () -> memory.await(transfer, deadlineNanos));
      assertTrue(e.getMessage().contains("slabOffset=16"), e.getMessage());
      assertEquals(Transfer.FAILED, transfer.state());
      assertTrue(nowNanos.get() - deadlineNanos >= 0);
      transfer.write(slab, 16, arena.allocate(8).address(), 8);
    }
  }

  @Test
  void interruptedThreadStillWaitsAndStaysInterrupted() {
    try (FarMemory memory = open(300_000);
        Arena arena = Arena.ofConfined()) {
      long slab = memory.allocateSlab();
      Transfer transfer = new Transfer().read(slab, 0, arena.allocate(8).address(), 8);
      memory.submit(transfer);
      Thread.currentThread().interrupt();
      memory.await(transfer, nowNanos.get() + 1_000_000);
      assertTrue(Thread.interrupted());
      assertTrue(transfer.isDone());
    }
  }
}
