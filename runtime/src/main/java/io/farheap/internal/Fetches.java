package io.farheap.internal;

import io.farheap.error.FarAccessException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.scope.ScopeState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Objects that are brought in ahead of their use. One thread has the misses of a batch under way at
 * once: it sends their requests together, and then waits for each in turn. A batch takes spare
 * frames only; what finds none is fetched by itself, as any use of it would.
 */
public final class Fetches {
  /** Misses of one batch. */
  private static final int BATCH = 32;

  /** Most threads of one call, each with a batch. */
  private static final int MAX_THREADS = 8;

  private static final CompletableFuture<Void> NOTHING_TO_DO =
      CompletableFuture.completedFuture(null);

  private final HeapCore core;
  private final long[] misses;
  private final int count;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private Fetches(HeapCore core, long[] misses, int count) {
    this.core = core;
    this.misses = misses;
    this.count = count;
  }

  /**
   * Brings objects in, on virtual threads.
   *
   * @param handles which; those that are there cost a look
   * @return completes once all have been there, or with the first failure once none is under way
   */
  public static CompletableFuture<Void> start(HeapCore core, long... handles) {
    long[] misses = new long[handles.length];
    int count = choose(core, handles, misses);
    if (count == 0) {
      return NOTHING_TO_DO.copy();
    }
    Fetches fetches = new Fetches(core, misses, count);
    fetches.startThreads();
    return fetches.over;
  }

  /**
   * Brings objects in, on the caller's thread, which waits for all of them.
   *
   * @param handles which; those that are there cost a look
   * @throws RuntimeException the first failure, after those beside it have come
   */
  public static void run(HeapCore core, long... handles) {
    long[] misses = new long[handles.length];
    int count = choose(core, handles, misses);
    StaleHandleException stale = null;
    for (int from = 0; from < count; from += BATCH) {
      try {
        bring(core, misses, from, Math.min(count, from + BATCH));
      } catch (StaleHandleException e) {
        stale = stale == null ? e : stale;
      }
    }
    if (stale != null) {
      throw stale;
    }
  }

  /**
   * As {@link #run}, but for so long only, and only what finds a spare frame.
   *
   * @param mostNanos how long to wait at most
   * @return whether all are there
   */
  public static boolean attempt(HeapCore core, long mostNanos, long... handles) {
    long[] misses = new long[handles.length];
    int count = choose(core, handles, misses);
    long start = System.nanoTime();
    boolean all = true;
    for (int from = 0; from < count; from += BATCH) {
      int to = Math.min(count, from + BATCH);
      long left = mostNanos - (System.nanoTime() - start);
      if (left <= 0) {
        return false;
      }
      try {
        core.fetchTogether(misses, from, to, left);
      } catch (FarAccessException e) {
        all = false; // a use of it says why
      }
      for (int i = from; i < to; i++) {
        all &= touchNow(core, misses[i]);
      }
    }
    return all;
  }

  private static boolean touchNow(HeapCore core, long handle) {
    try {
      return core.touchNow(handle);
    } catch (StaleHandleException e) {
      return false;
    }
  }

  private static int choose(HeapCore core, long[] handles, long[] misses) {
    int count = 0;
    for (long handle : handles) {
      if (!core.isLocal(handle)) {
        misses[count++] = handle;
      }
    }
    return count;
  }

  private void startThreads() {
    int threads = Math.min(Math.ceilDiv(count, BATCH), MAX_THREADS);
    running.set(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofVirtual().name("farheap-fetch").start(this::work);
    }
  }

  private void work() {
    try {
      for (int i = next.getAndAdd(BATCH); i < count; i = next.getAndAdd(BATCH)) {
        bring(core, misses, i, Math.min(count, i + BATCH));
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      next.set(count); // the others end with what they are at
    } finally {
      if (running.decrementAndGet() == 0) {
        end();
      }
    }
  }

  private static void bring(HeapCore core, long[] misses, int from, int to) {
    if (to - from > 1) {
      core.fetchTogether(misses, from, to, Long.MAX_VALUE);
    }
    StaleHandleException stale = null;
    // One scope for each: all together they would hold more frames than any use.
    for (int i = from; i < to; i++) {
      ScopeState scope = core.scopes().enter();
      try {
        long _ = core.deref(scope, misses[i]);
      } catch (StaleHandleException e) {
        stale = stale == null ? e : stale; // the others are there all the same
      } finally {
        core.scopes().exit(scope);
      }
    }
    if (stale != null) {
      throw stale;
    }
  }

  private void end() {
    Throwable first = failure.get();
    if (first == null) {
      over.complete(null);
    } else {
      over.completeExceptionally(first);
    }
  }
}
