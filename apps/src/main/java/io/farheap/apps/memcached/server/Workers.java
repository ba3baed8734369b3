package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.work.ServerShared;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The server's workers: one for each event loop, and others that threads borrow while they wait.
 */
final class Workers {
  private final ServerShared server;
  private final Map<Thread, Worker> ofLoops = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Worker> idle = new ConcurrentLinkedQueue<>();

  Workers(ServerShared server) {
    this.server = server;
  }

  /** The worker of the event loop that calls this. */
  Worker ofLoop() {
    return ofLoops.computeIfAbsent(Thread.currentThread(), thread -> new Worker(server));
  }

  /** A worker for a thread that waits, until {@link #giveBack}. */
  Worker borrow() {
    Worker worker = idle.poll();
    return worker == null ? new Worker(server) : worker;
  }

  void giveBack(Worker worker) {
    idle.add(worker);
  }
}
