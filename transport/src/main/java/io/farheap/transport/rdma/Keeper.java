package io.farheap.transport.rdma;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes its rounds: notices queue pairs that are lost or stuck while nobody waits, and operations
 * that have waited too long.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STOP_MILLIS = 5_000;

  private final List<RdmaServer> servers;
  private final Thread thread;
  private volatile boolean stopped;

  Keeper(List<RdmaServer> servers) {
    this.servers = servers;
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
      long nowNanos = System.nanoTime();
      for (RdmaServer server : servers) {
        try {
          server.round(nowNanos);
        } catch (RuntimeException | Error e) {
          // A round that fails must not be the last one.
          LOG.error("round at {} failed", server.address(), e);
        }
      }
      LockSupport.parkNanos(this, ROUND_NANOS);
    }
  }
}
