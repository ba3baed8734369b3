package io.farheap.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.internal.scope.LeakWatch.Leak;
import io.farheap.internal.scope.LeakWatch.Ticket;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.leakdemo.Careless;
import io.farheap.stats.Counter;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LeakWatchTest {
  /** A collector that needs more requests than this has stopped working. */
  private static final int MAX_COLLECTIONS = 500;

  private final List<Leak> leaks = new ArrayList<>();

  /** Keeps pointers reachable for as long as a test runs. */
  private final List<Object> kept = new ArrayList<>();

  @Test
  void aLostPointerIsReportedOnceWithItsSite() {
    LeakWatch watch = new LeakWatch(true, 1, leaks::add);
    Careless.allocateHere(() -> watch.watch(new Object(), 0x1234, 64));
    collectUntil(watch, () -> !leaks.isEmpty());
    assertEquals(0, watch.watched());
    collectUntil(watch, () -> true);

    Leak leak = assertOne(leaks);
    assertEquals(0x1234, leak.handle());
    assertEquals(64, leak.lengthBytes());
    assertEquals(1, leak.leaksAtSite());
    String first = leak.allocationSite().lines().findFirst().orElseThrow();
    assertTrue(first.contains("Careless.allocateHere"), leak.allocationSite());
    assertTrue(leak.allocationSite().lines().count() <= 16, leak.allocationSite());
  }

  @Test
  void aClosedPointerAndAReachableOneAreNotReported() {
    LeakWatch watch = new LeakWatch(true, 1, leaks::add);
    kept.add(new Object());
    try (Ticket keptTicket = watch.watch(kept.getFirst(), 1, 8)) {
      assertNotNull(keptTicket);
      closeProperly(watch);
      watch.watch(new Object(), 3, 8);

      collectUntil(watch, () -> !leaks.isEmpty());
      assertEquals(3, assertOne(leaks).handle());
      assertEquals(1, watch.watched());
    }
    assertEquals(0, watch.watched());
  }

  private static void closeProperly(LeakWatch watch) {
    Object pointer = new Object();
    try {
      Ticket ticket = watch.watch(pointer, 2, 8);
      ticket.close();
      ticket.close();
    } finally {
      Reference.reachabilityFence(pointer);
    }
  }

  @Test
  void leaksAreCountedBySite() {
    LeakWatch watch = new LeakWatch(true, 1, leaks::add);
    for (int i = 0; i < 12; i++) {
      Careless.allocateHere(() -> watch.watch(new Object(), 1, 8));
    }
    Careless.allocateThere(() -> watch.watch(new Object(), 2, 8));
    collectUntil(watch, () -> leaks.size() == 13);

    long here =
        leaks.stream().filter(l -> l.handle() == 1).mapToLong(Leak::leaksAtSite).max().getAsLong();
    long there =
        leaks.stream().filter(l -> l.handle() == 2).mapToLong(Leak::leaksAtSite).max().getAsLong();
    assertEquals(12, here);
    assertEquals(1, there);
  }

  @Test
  void samplingWatchesAboutOneInSoMany() {
    LeakWatch watch = new LeakWatch(false, 128, leaks::add);
    int watched = 0;
    for (int i = 0; i < 128_000; i++) {
      Object pointer = new Object();
      if (watch.watch(pointer, i, 8) != null) {
        kept.add(pointer);
        watched++;
      }
    }
    // A thousand are expected, give or take 32: fifteen times that would be no chance any more.
    assertTrue(watched > 500 && watched < 1500, "watched " + watched + " of 128000");
    assertEquals(watched, watch.watched());
  }

  @Test
  void strictModeWatchesAll() {
    LeakWatch watch = new LeakWatch(true, 128, leaks::add);
    for (int i = 0; i < 1000; i++) {
      kept.add(new Object());
      assertNotNull(watch.watch(kept.getLast(), i, 8));
    }
    assertEquals(1000, watch.watched());
  }

  @Test
  void afterCloseNothingIsWatchedOrReported() {
    LeakWatch watch = new LeakWatch(true, 1, leaks::add);
    watch.watch(new Object(), 1, 8);
    watch.close();
    assertNull(watch.watch(new Object(), 2, 8));

    // A second watch shows that the collector has been at work meanwhile.
    List<Leak> others = new ArrayList<>();
    LeakWatch other = new LeakWatch(true, 1, others::add);
    other.watch(new Object(), 3, 8);
    collectUntil(other, () -> !others.isEmpty());
    assertEquals(0, watch.poll());
    assertTrue(leaks.isEmpty(), leaks::toString);
  }

  @Test
  void leaksAreCountedInTheStatistics() {
    StatisticsRegistry statistics = new StatisticsRegistry();
    LeakWatch watch = new LeakWatch(true, statistics);
    watch.watch(new Object(), 1, 8);
    collectUntil(watch, () -> statistics.sum(Counter.LEAKS) != 0);
    assertEquals(1, statistics.sum(Counter.LEAKS));
  }

  @Test
  void aSampleOfNoneIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LeakWatch(false, 0, leaks::add));
  }

  /** Half of each thread's pointers are closed, half are lost: exactly these are reported. */
  @Test
  void manyThreadsLoseExactlyWhatTheyDoNotClose() throws InterruptedException {
    int threads = 4;
    int perThread = 2000;
    ConcurrentLinkedQueue<Leak> reported = new ConcurrentLinkedQueue<>();
    LeakWatch watch = new LeakWatch(true, 1, reported::add);
    List<Thread> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int base = t * perThread;
      running.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = base; i < base + perThread; i++) {
                      Object pointer = new Object();
                      try (Ticket ticket = i % 2 == 0 ? watch.watch(pointer, i, 8) : null) {
                        if (ticket == null) {
                          watch.watch(pointer, i, 8);
                        }
                      } finally {
                        Reference.reachabilityFence(pointer);
                      }
                      watch.poll();
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    collectUntil(watch, () -> reported.size() >= threads * perThread / 2);
    Set<Long> handles = new HashSet<>();
    for (Leak leak : reported) {
      assertTrue(handles.add(leak.handle()), "reported twice: " + leak.handle());
      assertFalse(leak.handle() % 2 == 0, "was closed: " + leak.handle());
    }
    assertEquals(threads * perThread / 2, handles.size());
    assertEquals(0, watch.watched());
  }

  private static Leak assertOne(List<Leak> leaks) {
    assertEquals(1, leaks.size(), leaks::toString);
    return leaks.getFirst();
  }

  /** Collects and polls at least once, until something holds. */
  private static void collectUntil(LeakWatch watch, BooleanSupplier holds) {
    for (int i = 0; i < MAX_COLLECTIONS; i++) {
      System.gc();
      while (watch.poll() > 0) {
        Thread.onSpinWait();
      }
      if (holds.getAsBoolean()) {
        return;
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the collector handed nothing over in " + MAX_COLLECTIONS + " tries");
  }
}
