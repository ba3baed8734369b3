package io.farheap.transport;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** How a thread waits for a transfer: it spins, then yields, then parks in small steps. */
final class Waiting {
  private static final int SPINS_BETWEEN_CLOCK_READINGS = 16;
  private static final long SPIN_NANOS = 10_000;
  private static final long YIELD_NANOS = 50_000;
  private static final long PARK_NANOS = 20_000;

  private Waiting() {}

  /** Returns once the transfer is complete; past the deadline fences it and throws. */
  static void untilComplete(FarMemory memory, Transfer transfer, long deadlineNanos) {
    LongSupplier clock = memory.clock();
    long startNanos = clock.getAsLong();
    while (true) {
      for (int i = 0; i < SPINS_BETWEEN_CLOCK_READINGS; i++) {
        if (memory.poll(transfer)) {
          return;
        }
        Thread.onSpinWait();
      }
      long nowNanos = clock.getAsLong();
      if (nowNanos - deadlineNanos >= 0) {
        giveUp(memory, transfer, nowNanos - startNanos);
        return;
      }
      pause(nowNanos - startNanos);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Yielding is a stage of waiting, not a means of order.
  private static void pause(long waitedNanos) {
    if (waitedNanos < SPIN_NANOS) {
      return;
    }
    // An interrupted thread cannot park, and its interrupt is not for us to clear.
    if (waitedNanos < YIELD_NANOS || Thread.currentThread().isInterrupted()) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(PARK_NANOS);
    }
  }

  private static void giveUp(FarMemory memory, Transfer transfer, long waitedNanos) {
    memory.fence(transfer);
    if (!transfer.isDone()) {
      throw new TransportTimeoutException(
          transfer
              + " was not complete after "
              + waitedNanos
              + " ns; it is fenced and may be issued again");
    }
  }
}
