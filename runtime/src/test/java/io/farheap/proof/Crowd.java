package io.farheap.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that do something together; the first failure of any of them is the test's. */
final class Crowd {
  /** What a thread of the crowd does. */
  @FunctionalInterface
  interface Task {
    /**
     * Does it.
     *
     * @param number the thread's number in the crowd, from 0
     */
    void run(int number) throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** Adds platform threads. */
  Crowd platform(int count, Task task) {
    return add(count, task, Thread.ofPlatform().daemon().name("platform-", 0).factory());
  }

  /** Adds virtual threads. */
  Crowd virtual(int count, Task task) {
    return add(count, task, Thread.ofVirtual().name("virtual-", 0).factory());
  }

  private Crowd add(int count, Task task, ThreadFactory factory) {
    for (int i = 0; i < count; i++) {
      int number = threads.size();
      threads.add(factory.newThread(() -> run(task, number)));
    }
    return this;
  }

  private void run(Task task, int number) {
    try {
      task.run(number);
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  /** Whether a thread failed, so that the others may stop. */
  boolean failed() {
    return failure.get() != null;
  }

  Crowd start() {
    threads.forEach(Thread::start);
    return this;
  }

  /** Waits for all of them, and fails as the first of them failed. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable first = failure.get();
    if (first != null) {
      throw new AssertionError("a thread of the crowd failed: " + first, first);
    }
  }

  void startAndJoin() throws InterruptedException {
    start();
    join();
  }
}
