package io.farheap.transport.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.mapped.Copier;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agent stepped by the test instead of its thread. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CopyAgentTest {
  private static final int SLAB_BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final AtomicLong nowNanos = new AtomicLong();
  private final EmbeddedSlabs slabs = new EmbeddedSlabs(2, SLAB_BYTES);
  private final Copier<EmbeddedSlab> copier = new Copier<>(slabs::find, SLAB_BYTES);
  private final long slab = slabs.allocate().id();
  private final MemorySegment local = arena.allocate(64);

  @AfterEach
  void freeLocal() {
    arena.close();
  }

  private CopyAgent agent(long latencyNanos) {
    return new CopyAgent(
        copier,
        new EmbeddedOptions(2 * SLAB_BYTES, SLAB_BYTES, latencyNanos, 0, true, nowNanos::get));
  }

  private Transfer submit(CopyAgent agent, Transfer transfer, long dueNanos) {
    transfer.start();
    transfer.dueNanos(dueNanos);
    agent.submit(transfer);
    return transfer;
  }

  /** Runs something that waits for the agent, stepping the agent until it has returned. */
  private static void whileWorking(CopyAgent agent, Runnable waiting) {
    CompletableFuture<Void> done = CompletableFuture.runAsync(waiting);
    while (!done.isDone()) {
      agent.doWork();
      Thread.onSpinWait();
    }
    done.join();
  }

  @Test
  void nothingHappensBeforeTheAgentWorks() {
    CopyAgent agent = agent(0);
    local.set(ValueLayout.JAVA_LONG, 0, 7);
    Transfer out = submit(agent, new Transfer().write(slab, 0, local.address(), 8), 0);
    Transfer in = submit(agent, new Transfer().read(slab, 0, local.address() + 8, 8), 0);
    assertFalse(out.isComplete());
    assertEquals(2, agent.doWork());
    assertTrue(out.isDone());
    assertTrue(in.isDone());
    assertEquals(7, local.get(ValueLayout.JAVA_LONG, 8));
    assertEquals(0, agent.doWork());
  }

  @Test
  void completesInTheOrderOfDueTimes() {
    CopyAgent agent = agent(10);
    Transfer late = submit(agent, new Transfer().read(slab, 0, local.address(), 8), 30);
    Transfer early = submit(agent, new Transfer().read(slab, 0, local.address(), 8), 20);
    agent.doWork();
    nowNanos.set(19);
    assertEquals(0, agent.doWork());
    nowNanos.set(20);
    assertEquals(1, agent.doWork());
    assertTrue(early.isDone());
    assertFalse(late.isComplete());
    nowNanos.set(30);
    agent.doWork();
    assertTrue(late.isDone());
  }

  @Test
  void fencePassesBehindItsTransferAndFailsWhatIsNotDue() {
    CopyAgent agent = agent(10);
    Transfer transfer = submit(agent, new Transfer().read(slab, 0, local.address(), 8), 10);
    whileWorking(agent, () -> agent.fence(transfer));
    assertInstanceOf(TransportTimeoutException.class, transfer.failure());
    submit(agent, transfer.read(slab, 0, local.address(), 8), 50);
    agent.doWork();
    nowNanos.set(49);
    assertEquals(0, agent.doWork());
    assertFalse(transfer.isComplete());
    nowNanos.set(50);
    agent.doWork();
    assertTrue(transfer.isDone());
  }

  @Test
  void stopFailsWhatIsHeldWhatIsQueuedAndWhatComesLater() {
    CopyAgent agent = agent(10);
    Transfer held = submit(agent, new Transfer().read(slab, 0, local.address(), 8), 10);
    agent.doWork();
    whileWorking(agent, agent::stop);
    Transfer later = submit(agent, new Transfer().read(slab, 0, local.address(), 8), 10);
    assertInstanceOf(ConnectionLostException.class, held.failure());
    assertInstanceOf(ConnectionLostException.class, later.failure());
    agent.fence(new Transfer());
  }
}
