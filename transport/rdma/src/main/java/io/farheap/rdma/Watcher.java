package io.farheap.rdma;

import io.farheap.rdma.fabric.QueuePair;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a lane that looks for its completions while threads are parked for them: it sleeps on
 * the queue pair's completion channel. Its thread begins with the first that parks, and rests while
 * nobody does.
 */
final class Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final QueuePairLane lane;

  /** Null until somebody parks. Written under this object's lock. */
  private volatile Thread thread;

  private volatile boolean stopped;

  Watcher(QueuePairLane lane) {
    this.lane = lane;
  }

  /** Has it look, from now on and as long as somebody is parked. */
  void wake() {
    Thread running = thread;
    if (running == null) {
      running = begin();
    }
    LockSupport.unpark(running);
  }

  private synchronized Thread begin() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("farheap-rdma-completions").start(this::run);
    }
    return thread;
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!stopped) {
      if (!lane.hasParked()) {
        LockSupport.park(this);
        continue;
      }
      try {
        look();
      } catch (RuntimeException | Error e) {
        // Without looks those who are parked would wait for ever.
        LOG.error("completions could not be looked for", e);
        LockSupport.parkNanos(this, AWAY_NANOS);
      }
    }
  }

  private void look() {
    QueuePair pair = lane.arm();
    // What completed before the event was asked for brings none.
    lane.receive();
    if (pair == null) {
      LockSupport.parkNanos(this, AWAY_NANOS);
    } else if (lane.hasParked()) {
      pair.awaitEvent(LONGEST_WAIT_NANOS);
      lane.receive();
    }
  }
}
