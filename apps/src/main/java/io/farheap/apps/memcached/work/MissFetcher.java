package io.farheap.apps.memcached.work;

import io.farheap.apps.memcached.store.ItemStore;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in what requests wait for, on threads of its own. While one batch is under way others
 * gather, so that the busier the server is the more misses share a round trip.
 */
public final class MissFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MissFetcher.class);

  /** One gathers and sends while the other waits. */
  private static final int THREADS = 2;

  private static final int MOST_TOGETHER = 256;

  /**
   * Whoever needs what does not come in this time waits for it alone, and not for each other's: one
   * of several memory servers may be away.
   */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /**
   * What one connection waits for.
   *
   * @param handles items that are far
   * @param loop the connection's event loop
   * @param then what goes on there
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Wanted(long[] handles, EventExecutor loop, Runnable then) {}

  private final ItemStore store;
  private final BlockingQueue<Wanted> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  MissFetcher(ItemStore store) {
    this.store = store;
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          Thread.ofPlatform().daemon().name("farheap-memcached-miss-" + i).start(this::run));
    }
  }

  /** Brings items in, as far as they can be had, and then goes on on an event loop. */
  public void fetch(long[] handles, EventExecutor loop, Runnable then) {
    queue.add(new Wanted(handles, loop, then));
  }

  private void run() {
    List<Wanted> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, MOST_TOGETHER - 1);
        bring(batch);
        goOn(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      LOG.debug("ends with the server", e);
    }
  }

  private void bring(List<Wanted> batch) {
    try {
      boolean _ =
          store.tryFetch(
              PATIENCE, batch.stream().flatMapToLong(w -> Arrays.stream(w.handles)).toArray());
    } catch (RuntimeException e) {
      LOG.error("items were not brought in", e);
    }
  }

  /** Wakes each event loop once. */
  private static void goOn(List<Wanted> batch) {
    Map<EventExecutor, List<Runnable>> byLoop = new HashMap<>();
    for (Wanted wanted : batch) {
      byLoop.computeIfAbsent(wanted.loop, loop -> new ArrayList<>()).add(wanted.then);
    }
    byLoop.forEach(
        (loop, all) -> {
          try {
            loop.execute(() -> all.forEach(Runnable::run));
          } catch (RejectedExecutionException e) {
            LOG.debug("the event loop has ended, and its connections with it", e);
          }
        });
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
