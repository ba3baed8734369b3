package io.farheap.transport.rdma;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How a thread waits for an operation to be over. A platform thread looks for completions itself:
 * it spins for about as long as a device on the same network takes, then yields between its looks,
 * then parks and leaves the looking to the lane's watcher. A virtual thread parks at once.
 */
final class Waits {
  private static final int LOOKS_BETWEEN_CLOCK_READINGS = 8;
  private static final long SPIN_NANOS = 10_000;
  private static final long YIELD_NANOS = 150_000;
  private static final long LONGEST_PARK_NANOS = 20_000_000;

  private Waits() {}

  /** Returns true once the operation is over, or false if it is not by the deadline. */
  static boolean untilOver(Operation whole, long deadlineNanos, LongSupplier clock) {
    Lane lane = whole.lane;
    lane.receive();
    if (whole.isOver()) {
      return true;
    }
    if (!Thread.currentThread().isVirtual() && look(whole, lane, deadlineNanos, clock)) {
      return whole.isOver();
    }
    return park(whole, lane, deadlineNanos, clock);
  }

  /** True if the operation or the time is over. */
  @SuppressWarnings("ThreadPriorityCheck") // Yielding is a stage of waiting, not a means of order.
  private static boolean look(Operation whole, Lane lane, long deadlineNanos, LongSupplier clock) {
    long startNanos = clock.getAsLong();
    while (true) {
      for (int i = 0; i < LOOKS_BETWEEN_CLOCK_READINGS; i++) {
        lane.receive();
        if (whole.isOver()) {
          return true;
        }
        Thread.onSpinWait();
      }
      long nowNanos = clock.getAsLong();
      if (nowNanos - deadlineNanos >= 0) {
        return true;
      }
      if (nowNanos - startNanos >= YIELD_NANOS) {
        return false;
      }
      if (nowNanos - startNanos >= SPIN_NANOS) {
        Thread.yield();
      }
    }
  }

  private static boolean park(Operation whole, Lane lane, long deadlineNanos, LongSupplier clock) {
    boolean interrupted = false;
    whole.waiter(Thread.currentThread());
    lane.park();
    try {
      while (!whole.isOver()) {
        long leftNanos = deadlineNanos - clock.getAsLong();
        if (leftNanos <= 0) {
          return whole.isOver();
        }
        LockSupport.parkNanos(Math.min(leftNanos, LONGEST_PARK_NANOS));
        // An interrupted thread cannot park; its interrupt is given back to it at the end.
        interrupted |= Thread.interrupted();
      }
      return true;
    } finally {
      lane.unpark();
      whole.waiter(null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
