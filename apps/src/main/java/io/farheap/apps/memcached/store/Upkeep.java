package io.farheap.apps.memcached.store;

import io.farheap.error.HeapClosedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that does a store's background work: one round of the crawler a minute. */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long ROUND_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ItemStore store;
  private final Thread thread;
  private volatile boolean closed;

  private Upkeep(ItemStore store) {
    this.store = store;
    this.thread = Thread.ofPlatform().daemon().name("memcached-upkeep").unstarted(this::run);
  }

  static Upkeep start(ItemStore store) {
    Upkeep upkeep = new Upkeep(store);
    upkeep.thread.start();
    return upkeep;
  }

  private void run() {
    long lastRaise = System.nanoTime();
    while (!closed) {
      try {
        int _ = store.work();
        if (System.nanoTime() - lastRaise >= LONGEST_PAUSE_NANOS) {
          lastRaise = System.nanoTime();
          store.raiseLimit();
        }
      } catch (HeapClosedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the store's background work failed; it goes on", e);
      }
      LockSupport.parkNanos(
          this, Math.min(LONGEST_PAUSE_NANOS, ROUND_NANOS / store.stepsPerRound()));
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
