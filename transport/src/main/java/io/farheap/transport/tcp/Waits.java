package io.farheap.transport.tcp;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How a thread waits for a request to be over. A platform thread reads the connection itself, and
 * yields between its looks, so that a server on the same processor gets to run; after some time it
 * parks and leaves the reading to the keeper. A virtual thread parks at once.
 */
final class Waits {
  private static final long YIELD_NANOS = 150_000;
  private static final long LONGEST_PARK_NANOS = 20_000_000;

  private Waits() {}

  /** Returns true once the request is over, or false if it is not by the deadline. */
  static boolean untilOver(Request request, long deadlineNanos, LongSupplier clock) {
    Lane lane = request.lane;
    lane.receive();
    if (request.isOver()) {
      return true;
    }
    if (!Thread.currentThread().isVirtual() && read(request, lane, deadlineNanos, clock)) {
      return request.isOver();
    }
    return park(request, lane, deadlineNanos, clock);
  }

  /** True if the request or the time is over. */
  @SuppressWarnings("ThreadPriorityCheck") // Yielding is a stage of waiting, not a means of order.
  private static boolean read(Request request, Lane lane, long deadlineNanos, LongSupplier clock) {
    long startNanos = clock.getAsLong();
    while (true) {
      lane.flush();
      lane.receive();
      if (request.isOver()) {
        return true;
      }
      long nowNanos = clock.getAsLong();
      if (nowNanos - deadlineNanos >= 0) {
        return true;
      }
      if (nowNanos - startNanos >= YIELD_NANOS) {
        return false;
      }
      Thread.yield();
    }
  }

  private static boolean park(Request request, Lane lane, long deadlineNanos, LongSupplier clock) {
    boolean interrupted = false;
    request.waiter(Thread.currentThread());
    lane.park();
    try {
      while (!request.isOver()) {
        long leftNanos = deadlineNanos - clock.getAsLong();
        if (leftNanos <= 0) {
          return request.isOver();
        }
        LockSupport.parkNanos(Math.min(leftNanos, LONGEST_PARK_NANOS));
        // An interrupted thread cannot park; its interrupt is given back to it at the end.
        interrupted |= Thread.interrupted();
      }
      return true;
    } finally {
      lane.unpark();
      request.waiter(null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
