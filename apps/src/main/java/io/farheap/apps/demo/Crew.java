package io.farheap.apps.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;

/** Has threads do one step together; the first failure ends it for all. */
final class Crew {
  private static final long SHOW_MILLIS = 100;

  private final int threads;
  private final DoubleConsumer progress;

  /** What a thread of the crew does. */
  interface Work {
    /**
     * Works until done, or until the crew is to stop.
     *
     * @param thread which thread this is, from 0
     * @param crew asked now and then whether to stop
     */
    void run(int thread, Step crew);
  }

  /** One step, as its threads see it. */
  static final class Step {
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Whether another thread has failed. */
    boolean isOver() {
      return failure.get() != null;
    }
  }

  /**
   * Makes a crew.
   *
   * @param threads how many
   * @param progress told the share that is done, by the thread that waits
   */
  Crew(int threads, DoubleConsumer progress) {
    this.threads = threads;
    this.progress = progress;
  }

  int threads() {
    return threads;
  }

  /**
   * Runs a step to its end.
   *
   * @param work what each thread does
   * @param share how much is done, 0 to 1
   * @throws RuntimeException what a thread threw first
   */
  void run(Work work, DoubleSupplier share) {
    Step step = new Step();
    CountDownLatch working = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      int thread = i;
      Thread.ofPlatform()
          .daemon()
          .name("demo-" + thread)
          .start(
              () -> {
                try {
                  work.run(thread, step);
                } catch (RuntimeException | Error e) {
                  step.failure.compareAndSet(null, e);
                } finally {
                  working.countDown();
                }
              });
    }
    try {
      while (!working.await(SHOW_MILLIS, TimeUnit.MILLISECONDS)) {
        progress.accept(share.getAsDouble());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      step.failure.compareAndSet(null, new IllegalStateException("the demo was interrupted", e));
    }
    switch (step.failure.get()) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      case Throwable other -> throw new AssertionError(other);
    }
  }
}
