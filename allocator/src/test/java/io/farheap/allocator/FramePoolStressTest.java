package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads against one {@link FramePool}: one owner a frame, and no wake-up is lost. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FramePoolStressTest {
  private static final int THREADS = 4;
  private static final long GENEROUS_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static long deadlineNanos() {
    return System.nanoTime() + GENEROUS_NANOS;
  }

  private static <T> void runAll(ExecutorService executor, List<Callable<T>> tasks)
      throws Exception {
    try (executor) {
      for (Future<T> done : executor.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  @Test
  void aFrameHasOneOwner() throws Exception {
    FramePool pool = new FramePool(1500, 16);
    AtomicIntegerArray owners = new AtomicIntegerArray(pool.frames());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 1; thread <= THREADS; thread++) {
      int self = thread;
      tasks.add(() -> takeAndGive(pool, owners, self));
    }
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService isolator = Executors.newSingleThreadExecutor()) {
      Future<?> isolating = isolator.submit(() -> isolateUntil(stop, pool, owners));
      try {
        runAll(Executors.newFixedThreadPool(THREADS), tasks);
      } finally {
        stop.set(true);
      }
      isolating.get();
    }
    assertEquals(pool.frames(), pool.free());
    pool.checkIntegrity();
  }

  private static Void takeAndGive(FramePool pool, AtomicIntegerArray owners, int self) {
    SplittableRandom random = new SplittableRandom(self);
    List<int[]> mine = new ArrayList<>();
    for (int step = 0; step < 60_000; step++) {
      if (mine.isEmpty() || random.nextInt(450) > mine.size()) {
        int length = random.nextInt(8) == 0 ? random.nextInt(2, 40) : 1;
        int first =
            length == 1 ? pool.tryTake(self == 1) : pool.tryTakeRun(length, random.nextBoolean());
        if (first >= 0) {
          own(owners, first, length, 0, self);
          mine.add(new int[] {first, length});
        }
      } else {
        release(pool, owners, mine, random.nextInt(mine.size()), self);
      }
    }
    while (!mine.isEmpty()) {
      release(pool, owners, mine, mine.size() - 1, self);
    }
    return null;
  }

  private static void release(
      FramePool pool, AtomicIntegerArray owners, List<int[]> mine, int index, int self) {
    int[] run = mine.get(index);
    mine.set(index, mine.getLast());
    mine.removeLast();
    own(owners, run[0], run[1], self, 0);
    if (run[1] == 1) {
      pool.give(run[0]);
    } else {
      pool.giveRun(run[0], run[1]);
    }
  }

  private static void own(AtomicIntegerArray owners, int first, int length, int from, int to) {
    for (int frame = first; frame < first + length; frame++) {
      int witness = owners.compareAndExchange(frame, from, to);
      assertEquals(from, witness, "owner of frame " + frame);
    }
  }

  private static void isolateUntil(AtomicBoolean stop, FramePool pool, AtomicIntegerArray owners) {
    while (!stop.get()) {
      FrameIsolation isolation = pool.isolate(48, frame -> false);
      for (int look = 0; look < 100 && !isolation.complete(); look++) {
        Thread.onSpinWait();
      }
      if (isolation.complete()) {
        int first = isolation.takeRun();
        own(owners, first, 48, 0, 99);
        own(owners, first, 48, 99, 0);
        pool.giveRun(first, 48);
      } else {
        isolation.cancel();
      }
    }
  }

  /** Far more threads than frames: each gets its frame only from another thread that gives. */
  private static void waitersPassFramesOn(ExecutorService executor, int threads, int rounds)
      throws Exception {
    FramePool pool = new FramePool(3, 1);
    AtomicIntegerArray owners = new AtomicIntegerArray(pool.frames());
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 1; thread <= threads; thread++) {
      int self = thread;
      tasks.add(
          () -> {
            for (int round = 0; round < rounds; round++) {
              int frame = pool.awaitTake(deadlineNanos(), System::nanoTime);
              assertTrue(frame >= 0, "a wake-up was lost");
              own(owners, frame, 1, 0, self);
              own(owners, frame, 1, self, 0);
              pool.give(frame);
            }
            return null;
          });
    }
    runAll(executor, tasks);
    assertEquals(pool.frames(), pool.free());
    assertEquals(0, pool.waiting());
    pool.checkIntegrity();
  }

  @Test
  void noPlatformThreadLosesItsWakeUp() throws Exception {
    waitersPassFramesOn(Executors.newFixedThreadPool(8), 8, 10_000);
  }

  @Test
  void noVirtualThreadLosesItsWakeUp() throws Exception {
    waitersPassFramesOn(Executors.newVirtualThreadPerTaskExecutor(), 1_000, 100);
  }

  @Test
  void whoWaitsForManyFreeFramesSeesThem() throws Exception {
    FramePool pool = new FramePool(8, 2);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int count = thread % 2 == 0 ? 6 : 1;
      tasks.add(
          () -> {
            for (int round = 0; round < 3_000; round++) {
              assertTrue(
                  pool.awaitFree(count, deadlineNanos(), System::nanoTime), "a wake-up was lost");
              int first = pool.tryTakeRun(count, false);
              if (first >= 0) {
                pool.giveRun(first, count);
              }
            }
            return null;
          });
    }
    runAll(Executors.newFixedThreadPool(THREADS), tasks);
    assertEquals(8, pool.free());
    pool.checkIntegrity();
  }

  @Test
  void waitersAreServedInTheirOrder() throws Exception {
    FramePool pool = new FramePool(2, 1);
    int held = pool.tryTake(false);
    List<Integer> order = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(5);
    for (int i = 0; i < 5; i++) {
      int self = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    int frame = pool.awaitTake(deadlineNanos(), System::nanoTime);
                    order.add(self); // The one frame orders these.
                    done.countDown();
                    pool.give(frame);
                  }));
      while (pool.waiting() <= i) {
        Thread.onSpinWait();
      }
    }
    assertEquals(-1, pool.tryTake(false));
    pool.checkIntegrity();
    pool.give(held);
    done.await();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  @Test
  void aWaitEndsAtItsDeadlineAndLeavesNothingBehind() {
    FramePool pool = new FramePool(4, 3);
    int frame = pool.tryTake(false);
    AtomicLong clock = new AtomicLong();
    assertEquals(-1, pool.awaitTake(5, clock::incrementAndGet));
    assertFalse(pool.awaitFree(1, clock.get() + 5, clock::incrementAndGet));
    assertEquals(0, pool.waiting());
    pool.give(frame);
    assertEquals(4, pool.free());
    assertTrue(pool.awaitFree(1, 0, clock::incrementAndGet));
    assertEquals(frame, pool.awaitTake(0, clock::incrementAndGet));
  }

  @Test
  void anInterruptNeitherEndsAWaitNorIsLost() throws Exception {
    FramePool pool = new FramePool(2, 1);
    int frame = pool.tryTake(false);
    AtomicBoolean flagged = new AtomicBoolean();
    Thread waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  pool.give(pool.awaitTake(deadlineNanos(), System::nanoTime));
                  flagged.set(Thread.currentThread().isInterrupted());
                });
    while (pool.waiting() == 0) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    pool.give(frame);
    waiter.join();
    assertTrue(flagged.get());
    assertEquals(2, pool.free());
  }

  @Test
  void aFrameThatComesAtTheDeadlineIsNotLost() {
    FramePool pool = new FramePool(2, 1);
    int frame = pool.tryTake(false);
    int got =
        pool.awaitTake(
            1,
            () -> {
              pool.give(frame);
              return 2;
            });
    assertEquals(frame, got);
    pool.give(got);
    assertEquals(2, pool.free());
  }

  @Test
  void aClockThatFailsLosesNoFrame() {
    FramePool pool = new FramePool(2, 1);
    int frame = pool.tryTake(false);
    RuntimeException broken = new IllegalArgumentException("no time");
    boolean[] given = {false};
    try {
      pool.awaitTake(
          1,
          () -> {
            if (!given[0]) {
              given[0] = true;
              pool.give(frame); // Served between entering the queue and the failure.
            }
            throw broken;
          });
    } catch (IllegalArgumentException e) {
      assertEquals(broken, e);
    }
    assertEquals(0, pool.waiting());
    assertEquals(2, pool.free());
    pool.checkIntegrity();
  }
}
