package io.farheap.internal.miss;

import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.base.agent.Backoff;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Threads that wait for another one's fetch of a page.
 *
 * <p>A waiter registers under its stripe's lock and looks at the page again; a fetcher changes the
 * page, then looks for waiters. The fences between make one of them see the other.
 */
public final class PageWaiters {
  private static final int STRIPES = 64;
  private static final int PAUSES = 80;
  private static final long MAX_PARK_NANOS = 1_000_000;

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    final Condition changed = lock.newCondition();
    final AtomicInteger waiting = new AtomicInteger();
  }

  private final PageTable pageTable;
  private final LongSupplier clock;
  private final IntSupplier agents;
  private final Stripe[] stripes = new Stripe[STRIPES];

  /**
   * Waiters for the pages of a table.
   *
   * @param agents does a step of the agents, which may be the ones that fetch; answers how much
   */
  public PageWaiters(PageTable pageTable, LongSupplier clock, IntSupplier agents) {
    this.pageTable = pageTable;
    this.clock = clock;
    this.agents = agents;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /**
   * Waits until a page is not FETCHING any more.
   *
   * @return false if the deadline passed first
   */
  boolean await(long page, long deadlineNanos) {
    Backoff backoff = new Backoff();
    for (int i = 0; i < PAUSES; i++) {
      if (!fetching(page)) {
        return true;
      }
      if (agents.getAsInt() == 0) {
        backoff.pause();
      }
    }
    return park(page, deadlineNanos);
  }

  private boolean park(long page, long deadlineNanos) {
    Stripe stripe = stripe(page);
    stripe.lock.lock();
    try {
      stripe.waiting.incrementAndGet();
      VarHandle.fullFence();
      while (fetching(page)) {
        long left = deadlineNanos - clock.getAsLong();
        if (left <= 0) {
          return false;
        }
        // In steps, so that the deadline goes by the heap's own clock.
        long _ = stripe.changed.awaitNanos(Math.min(left, MAX_PARK_NANOS));
        int _ = agents.getAsInt();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return awaitUninterrupted(page, deadlineNanos);
    } finally {
      stripe.waiting.decrementAndGet();
      stripe.lock.unlock();
    }
  }

  /** An interrupted thread still owes its caller the object; its flag stays set. */
  private boolean awaitUninterrupted(long page, long deadlineNanos) {
    Backoff backoff = new Backoff();
    while (fetching(page)) {
      if (deadlineNanos - clock.getAsLong() <= 0) {
        return false;
      }
      backoff.pause();
    }
    return true;
  }

  private boolean fetching(long page) {
    return PageWord.state(pageTable.load(page)) == PageWord.FETCHING;
  }

  /** The fetcher of a page is done with it, either way. */
  public void wake(long page) {
    VarHandle.fullFence();
    Stripe stripe = stripe(page);
    if (stripe.waiting.get() > 0) {
      stripe.lock.lock();
      try {
        stripe.changed.signalAll();
      } finally {
        stripe.lock.unlock();
      }
    }
  }

  private Stripe stripe(long page) {
    return stripes[(int) page & (STRIPES - 1)];
  }
}
