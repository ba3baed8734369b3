package io.farheap.rdma;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes its rounds: notices queue pairs that are lost or stuck while nobody waits, and operations
 * that have waited too long.
 */
final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STOP_MILLIS = 5_000;

  private final LongConsumer round;
  private final Thread thread;
  private volatile boolean stopped;

  /** Not started yet; a round gets a reading of {@link System#nanoTime}. */
  Rounds(LongConsumer round) {
    this.round = round;
    this.thread = Thread.ofPlatform().daemon().name("farheap-rdma").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      if (!Thread.currentThread().equals(thread)) {
        thread.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopped) {
      try {
        round.accept(System.nanoTime());
      } catch (RuntimeException | Error e) {
        note(e);
      }
      LockSupport.parkNanos(this, ROUND_NANOS);
    }
  }

  /** Says what went wrong, and goes on: a round that fails must not be the last one. */
  private static void note(Throwable failure) {
    try {
      LOG.error("a round failed; the next one comes", failure);
    } catch (OutOfMemoryError e) {
      // There is no memory even to say so.
      Thread.onSpinWait();
    }
  }
}
