package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for frames: no wake-up is lost, nobody overtakes, and a deadline is a deadline. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameWaitersTest {
  private static final long GENEROUS_NANOS = TimeUnit.SECONDS.toNanos(30);

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

  /**
   * One give a round, so that a wake-up lost in it is made good by nobody. The giver's delay
   * follows the waiter, so that the give falls into the registration again and again.
   */
  @Test
  void aGiveBesideARegistrationIsNotMissed() throws Exception {
    FramePool pool = new FramePool(2, 1);
    AtomicInteger arrivals = new AtomicInteger();
    AtomicInteger delay = new AtomicInteger();
    int rounds = 20_000;
    List<Callable<Void>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          SplittableRandom random = new SplittableRandom(1);
          for (int round = 0; round < rounds; round++) {
            int frame = pool.tryTake(false);
            int turns = delay.get() + random.nextInt(8);
            meet(arrivals, 4 * round + 2);
            for (int turn = 0; turn < turns; turn++) {
              Thread.onSpinWait();
            }
            pool.give(frame);
            meet(arrivals, 4 * round + 4);
          }
          return null;
        });
    tasks.add(
        () -> {
          for (int round = 0; round < rounds; round++) {
            boolean[] waited = {false};
            meet(arrivals, 4 * round + 2);
            int frame =
                pool.awaitTake(
                    deadlineNanos(),
                    () -> {
                      waited[0] = true;
                      return System.nanoTime();
                    });
            if (frame < 0) {
              arrivals.set(Integer.MAX_VALUE / 2); // Lets the giver go.
              throw new AssertionError("a wake-up was lost in round " + round);
            }
            pool.give(frame);
            int turns = delay.get() + (waited[0] ? -1 : 1);
            delay.set(Math.clamp(turns, 0, 500));
            meet(arrivals, 4 * round + 4);
          }
          return null;
        });
    runAll(Executors.newFixedThreadPool(2), tasks);
  }

  /** Two threads leave within nanoseconds of each other, which a barrier that parks cannot do. */
  @SuppressWarnings("ThreadPriorityCheck") // Yields for speed alone.
  private static void meet(AtomicInteger arrivals, int target) {
    arrivals.incrementAndGet();
    for (int turn = 0; arrivals.get() < target; turn++) {
      Thread.onSpinWait();
      if (turn > 2_000) {
        Thread.yield();
      }
    }
  }

  @Test
  void everyWayToFreeAFrameServesWhoWaits() throws Exception {
    servedBy(pool -> pool.give(0));
    servedBy(pool -> pool.giveRun(0, 3));
    FrameIsolation[] isolation = new FrameIsolation[1];
    servedBy(
        pool -> {
          isolation[0] = pool.isolate(2, frame -> frame > 1);
          pool.give(0);
          assertEquals(1, pool.waiting(), "the frame is held");
          isolation[0].cancel();
        });
  }

  private static void servedBy(Consumer<FramePool> release) throws Exception {
    FramePool pool = new FramePool(5, 1);
    assertEquals(0, pool.tryTakeRun(4, false));
    int[] got = {-1};
    Thread waiter =
        Thread.ofVirtual().start(() -> got[0] = pool.awaitTake(deadlineNanos(), System::nanoTime));
    while (pool.waiting() == 0) {
      Thread.onSpinWait();
    }
    release.accept(pool);
    assertEquals(0, pool.waiting(), "served before the lock was let go");
    waiter.join();
    assertTrue(got[0] >= 0);
    pool.checkIntegrity();
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
              assertEquals(0, owners.getAndSet(frame, self), "owner");
              assertEquals(self, owners.getAndSet(frame, 0), "owner");
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
    waitersPassFramesOn(Executors.newFixedThreadPool(8), 8, 5_000);
  }

  @Test
  void noVirtualThreadLosesItsWakeUp() throws Exception {
    waitersPassFramesOn(Executors.newVirtualThreadPerTaskExecutor(), 1_000, 40);
  }

  @Test
  void waitersAreServedInTheirOrder() throws Exception {
    FramePool pool = new FramePool(2, 1);
    int held = pool.tryTake(false);
    List<Integer> order = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int self = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    int frame = pool.awaitTake(deadlineNanos(), System::nanoTime);
                    order.add(self); // The one frame orders these.
                    pool.give(frame);
                  }));
      while (pool.waiting() <= i) {
        Thread.onSpinWait();
      }
    }
    assertEquals(-1, pool.tryTake(false));
    pool.checkIntegrity();
    pool.give(held);
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
    assertEquals(0, pool.waiting());
    pool.give(frame);
    assertEquals(4, pool.free());
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
