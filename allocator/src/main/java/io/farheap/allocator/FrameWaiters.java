package io.farheap.allocator;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The queue of threads that wait for frames, guarded by the lock of its {@link FramePool}.
 *
 * <p>A ticket enters only after a look at the free frames under the lock; whoever gives frames
 * serves the queue before it lets the lock go. Hence the rule that {@link #checkIntegrity} checks:
 * at no unlock is there a ticket that could be served.
 */
final class FrameWaiters {
  /** Longest stretch of parking, so that a clock from outside which jumps is noticed. */
  private static final long MAX_PARK_NANOS = 10_000_000;

  /** What one thread waits for. Made by that thread. */
  static final class Ticket {
    private final Thread thread = Thread.currentThread();

    /** Written by the giver before {@code served} (release), read by the waiter after it. */
    private int frame = -1;

    /** Written once, by the giver under the lock; read by the waiter without it. */
    private volatile boolean served;

    /** The next ticket served in the same step; only for the giver. */
    private Ticket nextServed;

    /** The frame that was handed over. */
    int frame() {
      return frame;
    }

    /** Parks until served (true) or until the deadline (false). */
    boolean park(long deadlineNanos, LongSupplier clock) {
      boolean interrupted = false;
      try {
        while (!served) {
          long remainingNanos = deadlineNanos - clock.getAsLong();
          if (remainingNanos <= 0) {
            return false;
          }
          LockSupport.parkNanos(this, Math.min(remainingNanos, MAX_PARK_NANOS));
          interrupted |= Thread.interrupted();
        }
        return true;
      } finally {
        if (interrupted) {
          thread.interrupt();
        }
      }
    }
  }

  private final ArrayDeque<Ticket> queue = new ArrayDeque<>();

  /** A copy of the queue's size for readers without the lock. */
  private volatile int size;

  /** Number of waiting threads; may be read without the lock. */
  int size() {
    return size;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Queues the calling thread for one frame. */
  Ticket enter() {
    Ticket ticket = new Ticket();
    queue.addLast(ticket);
    size = queue.size();
    return ticket;
  }

  /** Takes the ticket out of the queue; false if it was served before. */
  boolean leave(Ticket ticket) {
    if (ticket.served) {
      return false;
    }
    queue.remove(ticket);
    size = queue.size();
    return true;
  }

  /**
   * Serves every ticket that can be served, in their order.
   *
   * @return the tickets served, to be woken after the unlock; null if none
   */
  Ticket serve(FreeFrames freeFrames, int reserve) {
    Ticket servedTickets = null;
    while (freeFrames.free() > reserve && !queue.isEmpty()) {
      Ticket ticket = queue.removeFirst();
      ticket.frame = freeFrames.takeOne();
      ticket.nextServed = servedTickets;
      ticket.served = true;
      servedTickets = ticket;
    }
    size = queue.size();
    return servedTickets;
  }

  /** Wakes the threads of tickets that were served; without the lock. */
  static void wake(Ticket servedTickets) {
    Ticket ticket = servedTickets;
    while (ticket != null) {
      Ticket next = ticket.nextServed;
      LockSupport.unpark(ticket.thread);
      ticket = next;
    }
  }

  /**
   * Checks that nobody waits who could be served.
   *
   * @param available free frames beside the reserve
   * @throws IllegalStateException if somebody does
   */
  void checkIntegrity(int available) {
    for (Ticket ticket : queue) {
      if (!ticket.served && available > 0) {
        throw new IllegalStateException(
            ticket.thread + " waits for frames although " + available + " are free");
      }
    }
  }
}
