package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Grace periods: whoever entered before one holds it up, and nobody else. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EpochsTest {
  private static final int READERS = 3;
  private static final int GRACES = 5_000;

  private final Epochs epochs = new Epochs();

  private boolean passed(long stamp) {
    return epochs.firstHolder(stamp, 0) < 0;
  }

  @Test
  void aGraceWaitsForOlderScopesOnly() {
    assertTrue(passed(epochs.startGrace()));
    int older = epochs.enter(1);
    long stamp = epochs.startGrace();
    assertEquals(older, epochs.firstHolder(stamp, 0));
    int younger = epochs.enter(1);
    assertEquals(2, epochs.openScopes());
    assertEquals(older, epochs.firstHolder(stamp, 0));
    epochs.exit(older);
    assertTrue(passed(stamp));
    long next = epochs.startGrace();
    assertEquals(younger, epochs.firstHolder(next, 0));
    epochs.exit(younger);
    assertTrue(passed(next));
    assertEquals(0, epochs.openScopes());
  }

  @Test
  void aParkedScopeHoldsNothingUpUntilItResumes() {
    int slot = epochs.enter(9);
    long stamp = epochs.startGrace();
    epochs.park(slot);
    assertTrue(passed(stamp));
    assertEquals(1, epochs.openScopes());
    epochs.resume(slot);
    assertTrue(passed(stamp));
    assertEquals(slot, epochs.firstHolder(epochs.startGrace(), 0));
    assertThrows(IllegalStateException.class, () -> epochs.resume(slot));
    epochs.exit(slot);
    assertThrows(IllegalStateException.class, () -> epochs.resume(slot));
  }

  @Test
  void slotsAreLeasedOnceUntilThereAreNone() {
    Set<Integer> leased = new HashSet<>();
    for (int i = 0; i < Epochs.MAX_SLOTS; i++) {
      int slot = epochs.enter(i * 31L);
      assertTrue(slot >= 0 && leased.add(slot), "slot " + slot);
      assertTrue(slot < epochs.window());
    }
    assertEquals(-1, epochs.enter(5));
    assertEquals(Epochs.MAX_SLOTS, epochs.openScopes());
    epochs.exit(77);
    assertEquals(77, epochs.enter(78));
    long stamp = epochs.startGrace();
    int last = Epochs.MAX_SLOTS - 1;
    leased.stream().filter(slot -> slot != last).forEach(epochs::exit);
    assertEquals(last, epochs.firstHolder(stamp, 0));
    epochs.exit(last);
    assertTrue(passed(stamp));
  }

  /**
   * Read-copy-update: the one writer replaces the current cell, waits for a grace and poisons the
   * old one. A reader must never see poison in the cell that it found inside its scope. Readers
   * hold many scopes at times, so that the window of slots grows under the writer's scan.
   */
  @Test
  @SuppressWarnings("ThreadPriorityCheck") // Yields for speed alone.
  void afterAGraceNoOlderScopeIsActive() throws Exception {
    AtomicIntegerArray poisoned = new AtomicIntegerArray(GRACES + 1);
    AtomicLong current = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService executor = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        SplittableRandom random = new SplittableRandom(reader);
        readers.add(
            executor.submit(
                () -> {
                  while (!stop.get()) {
                    readOnce(random, current, poisoned);
                    Thread.yield(); // Outside the scope, or graces wait for time slices.
                  }
                }));
      }
      try {
        for (int cell = 1; cell <= GRACES; cell++) {
          current.setRelease(cell);
          long stamp = epochs.startGrace();
          int holder = epochs.firstHolder(stamp, 0);
          while (holder >= 0) {
            Thread.yield();
            failIfDone(readers);
            holder = epochs.firstHolder(stamp, holder);
          }
          poisoned.setRelease(cell - 1, 1);
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
    assertEquals(0, epochs.openScopes());
    assertTrue(epochs.window() > 64, "the window never grew");
  }

  private static void failIfDone(List<Future<?>> readers) throws Exception {
    for (Future<?> reader : readers) {
      if (reader.isDone()) {
        reader.get();
      }
    }
  }

  private void readOnce(SplittableRandom random, AtomicLong current, AtomicIntegerArray poisoned) {
    int slots = random.nextInt(50) == 0 ? 100 : 1;
    int[] leased = new int[slots];
    for (int i = 0; i < slots; i++) {
      leased[i] = epochs.enter(random.nextInt());
    }
    if (random.nextInt(8) == 0) {
      epochs.park(leased[0]);
      epochs.resume(leased[0]);
    }
    int cell = (int) current.getAcquire();
    int looks = random.nextInt(1, 60);
    for (int look = 0; look < looks; look++) {
      assertEquals(0, poisoned.getAcquire(cell), "cell " + cell + " was reclaimed under a scope");
    }
    for (int slot : leased) {
      epochs.exit(slot);
    }
  }
}
