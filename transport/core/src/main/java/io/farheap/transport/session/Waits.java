package io.farheap.transport.session;

import java.util.function.LongSupplier;

/**
 * How a thread waits for a piece to be over. A platform thread looks for the answer itself: it
 * spins for as long as its way wants it, then yields between its looks, so that a server on the
 * same processor gets to run; after some time it parks and leaves the looking to somebody else. A
 * virtual thread parks at once.
 */
public final class Waits {
  private static final int LOOKS_BETWEEN_CLOCK_READINGS = 8;
  private static final long YIELD_NANOS = 150_000;
  private static final long LONGEST_PARK_NANOS = 20_000_000;

  private Waits() {}

  /**
   * Waits until a whole is over.
   *
   * @param whole what was submitted
   * @param deadlineNanos until when, by the clock
   * @param clock nanoseconds from an arbitrary origin
   * @return false if it is not over by then
   */
  public static boolean untilOver(Piece whole, long deadlineNanos, LongSupplier clock) {
    Piece.Way way = whole.way();
    way.receive();
    if (whole.isOver()) {
      return true;
    }
    if (!Thread.currentThread().isVirtual() && look(whole, way, deadlineNanos, clock)) {
      return whole.isOver();
    }
    return park(whole, way, deadlineNanos, clock);
  }

  /** True if the whole or the time is over. */
  private static boolean look(Piece whole, Piece.Way way, long deadlineNanos, LongSupplier clock) {
    long spinNanos = way.spinNanos();
    int looks = spinNanos == 0 ? 1 : LOOKS_BETWEEN_CLOCK_READINGS;
    long startNanos = clock.getAsLong();
    while (true) {
      for (int i = 0; i < looks; i++) {
        way.look();
        if (whole.isOver()) {
          return true;
        }
        if (spinNanos > 0) {
          Thread.onSpinWait();
        }
      }
      long nowNanos = clock.getAsLong();
      if (nowNanos - deadlineNanos >= 0) {
        return true;
      }
      if (nowNanos - startNanos >= YIELD_NANOS) {
        return false;
      }
      if (nowNanos - startNanos >= spinNanos) {
        way.pause(0);
      }
    }
  }

  private static boolean park(Piece whole, Piece.Way way, long deadlineNanos, LongSupplier clock) {
    boolean interrupted = false;
    whole.waiter(Thread.currentThread());
    way.park();
    try {
      while (!whole.isOver()) {
        long leftNanos = deadlineNanos - clock.getAsLong();
        if (leftNanos <= 0) {
          return whole.isOver();
        }
        way.pause(Math.min(leftNanos, LONGEST_PARK_NANOS));
        // An interrupted thread cannot park; its interrupt is given back to it at the end.
        interrupted |= Thread.interrupted();
      }
      return true;
    } finally {
      way.unpark();
      whole.waiter(null);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
