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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads against one {@link FramePool}: one owner a frame, and the reserve is kept. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FramePoolStressTest {
  private static final int THREADS = 4;

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

  @Test
  void ordinaryWorkNeverTakesTheReserve() throws Exception {
    FramePool pool = new FramePool(5, 3);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      SplittableRandom random = new SplittableRandom(thread);
      int length = thread == 0 ? 2 : 1;
      tasks.add(
          () -> {
            for (int step = 0; step < 300_000; step++) {
              int first = length == 1 ? pool.tryTake(false) : pool.tryTakeRun(length, false);
              int free = pool.free();
              assertTrue(free >= pool.reserve(), free + " frames were left");
              if (first >= 0) {
                for (int turn = random.nextInt(20); turn > 0; turn--) {
                  Thread.onSpinWait();
                }
                pool.giveRun(first, length);
              }
            }
            return null;
          });
    }
    runAll(Executors.newFixedThreadPool(THREADS), tasks);
    assertEquals(pool.frames(), pool.free());
  }
}
