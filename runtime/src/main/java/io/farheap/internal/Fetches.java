package io.farheap.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Objects that are brought in ahead of their use. Each miss waits on a virtual thread of its own,
 * so that many are under way in one round trip, and those that reach the transport together leave
 * together. A thread is in a scope for one object at a time: what is brought in takes no more
 * frames than any use of it would, and may leave again once there is need.
 */
public final class Fetches {
  /** Most misses of one call that are under way at once. */
  private static final int MAX_TOGETHER = 64;

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
   * Brings objects in.
   *
   * @param handles which; those that are there cost a look
   * @return completes once all have been there, or with the first failure once none is under way
   */
  public static CompletableFuture<Void> start(HeapCore core, long... handles) {
    long[] misses = new long[handles.length];
    int count = 0;
    for (long handle : handles) {
      if (!core.isLocal(handle)) {
        misses[count++] = handle;
      }
    }
    if (count == 0) {
      return NOTHING_TO_DO.copy();
    }
    Fetches fetches = new Fetches(core, misses, count);
    fetches.startThreads();
    return fetches.over;
  }

  private void startThreads() {
    int threads = Math.min(count, MAX_TOGETHER);
    running.set(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofVirtual().name("farheap-fetch").start(this::work);
    }
  }

  private void work() {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        bring(misses[i]);
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

  private void bring(long handle) {
    ScopeState scope = core.scopes().enter();
    try {
      long _ = core.deref(scope, handle);
    } finally {
      core.scopes().exit(scope);
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
