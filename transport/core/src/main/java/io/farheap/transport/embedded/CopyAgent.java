package io.farheap.transport.embedded;

import io.farheap.base.agent.Agent;
import io.farheap.base.agent.AgentRunner;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportTimeoutException;
import io.farheap.transport.mapped.Copier;
import io.farheap.transport.slab.Refusals;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * Carries transfers out on one thread of its own. It alone copies and completes them, so a fence is
 * a message that queues behind the transfer it fences.
 *
 * <p>Words shared with submitters: {@code queue} hands over whatever was written before the offer;
 * {@code stopped} is written by the agent before it empties the queue a last time, and read by
 * submitters after their offer, so one of the two sees the other.
 */
final class CopyAgent implements Agent {
  private static final int QUEUE_CHUNK = 256;
  private static final int MAX_BATCH = 64;
  private static final long NOT_DUE_SLEEP_NANOS = 20_000;

  private enum Signal {
    STOP
  }

  private record Fence(Transfer transfer, CompletableFuture<Void> passed) {}

  private final Copier<EmbeddedSlab> copier;
  private final EmbeddedOptions options;
  private final MpscUnboundedAtomicArrayQueue<Object> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK);
  private final PriorityQueue<Transfer> notDue =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos() - b.dueNanos()));
  private final CompletableFuture<Void> terminated = new CompletableFuture<>();
  private volatile boolean stopped;
  private final AgentRunner runner =
      new AgentRunner("farheap-embedded", List.of(this), this::sleepNanos);

  CopyAgent(Copier<EmbeddedSlab> copier, EmbeddedOptions options) {
    this.copier = copier;
    this.options = options;
  }

  /** Starts the thread; without it {@link #doWork} must be called by one thread. */
  void start() {
    runner.start();
  }

  /** Hands a started transfer over. */
  void submit(Transfer transfer) {
    send(transfer);
  }

  /** Returns once the agent can no more touch the transfer. */
  void fence(Transfer transfer) {
    Fence fence = new Fence(transfer, new CompletableFuture<>());
    send(fence);
    fence.passed().join();
  }

  /** Fails what is not complete and ends the thread. */
  void stop() {
    send(Signal.STOP);
    terminated.join();
    runner.close();
  }

  private void send(Object message) {
    queue.offer(message);
    runner.wake();
    if (stopped) {
      refuseQueued();
    }
  }

  /** For what is not due the thread looks often; for the rest it is woken. */
  private long sleepNanos() {
    return notDue.isEmpty() ? AgentRunner.UNTIL_WOKEN : NOT_DUE_SLEEP_NANOS;
  }

  /**
   * Handles some messages and completes what is due.
   *
   * @return how many messages and completions; 0 if there was nothing to do
   */
  @Override
  public int doWork() {
    int work = 0;
    while (work < MAX_BATCH && !stopped) {
      Object message = queue.poll();
      if (message == null) {
        break;
      }
      handle(message);
      work++;
    }
    return work + completeDue();
  }

  private void handle(Object message) {
    switch (message) {
      case Transfer transfer -> carryOut(transfer);
      case Fence fence -> pass(fence);
      default -> terminate();
    }
  }

  private void pass(Fence fence) {
    Transfer transfer = fence.transfer();
    notDue.removeIf(held -> held == transfer);
    if (!transfer.isComplete()) {
      transfer.fail(TransportTimeoutException.fenced(transfer));
    }
    fence.passed().complete(null);
  }

  private void carryOut(Transfer transfer) {
    TransportException refusal;
    try {
      refusal = copier.carryOut(transfer);
    } catch (RuntimeException | Error e) {
      refusal = new TransportException(transfer + ": the copy failed", e);
    }
    if (refusal != null) {
      transfer.fail(refusal);
    } else if (options.isDelayed()) {
      notDue.add(transfer);
    } else {
      transfer.complete();
    }
  }

  private int completeDue() {
    if (notDue.isEmpty()) {
      return 0;
    }
    long nowNanos = options.clock().getAsLong();
    int work = 0;
    while (!notDue.isEmpty() && nowNanos - notDue.peek().dueNanos() >= 0) {
      notDue.poll().complete();
      work++;
    }
    return work;
  }

  private void terminate() {
    notDue.forEach(transfer -> transfer.fail(Refusals.closed()));
    notDue.clear();
    stopped = true;
    refuseQueued();
    terminated.complete(null);
  }

  /** After the agent has stopped, whoever comes takes its place as the queue's one consumer. */
  private synchronized void refuseQueued() {
    Object message;
    while ((message = queue.poll()) != null) {
      if (message instanceof Fence fence) {
        fence.passed().complete(null);
      } else if (message instanceof Transfer transfer) {
        transfer.fail(Refusals.closed());
      }
    }
  }
}
