package io.farheap.internal.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import io.farheap.stats.Histo;
import io.farheap.stats.LatencySummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatisticsRegistryTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final StatisticsRegistry registry = new StatisticsRegistry(clock::get);

  @ParameterizedTest
  @EnumSource(Counter.class)
  void eachCounterCountsForItself(Counter counter) {
    registry.increment(counter);
    registry.add(counter, 41);
    HeapStats stats = registry.snapshot();
    for (Counter other : Counter.values()) {
      assertEquals(other == counter ? 42 : 0, stats.count(other), other::name);
    }
    assertEquals(42, registry.sum(counter));
  }

  @Test
  void aCountKeptElsewhereIsAdded() {
    AtomicLong elsewhere = new AtomicLong(5);
    registry.source(Counter.HITS, elsewhere::get);
    registry.add(Counter.HITS, 2);
    assertEquals(7, registry.sum(Counter.HITS));
    elsewhere.set(50);
    assertEquals(52, registry.snapshot().count(Counter.HITS));
    assertEquals(0, registry.sum(Counter.FREES));
  }

  @ParameterizedTest
  @EnumSource(Gauge.class)
  void eachGaugeIsReadWhenAsked(Gauge gauge) {
    assertEquals(0, registry.snapshot().level(gauge));
    AtomicLong level = new AtomicLong(5);
    registry.gauge(gauge, level::get);
    HeapStats five = registry.snapshot();
    level.set(6);
    for (Gauge other : Gauge.values()) {
      assertEquals(other == gauge ? 5 : 0, five.level(other), other::name);
    }
    assertEquals(6, registry.snapshot().level(gauge));
  }

  @ParameterizedTest
  @EnumSource(Histo.class)
  void eachDistributionIsForItself(Histo histo) {
    registry.record(histo, 100);
    HeapStats stats = registry.snapshot();
    for (Histo other : Histo.values()) {
      assertEquals(other == histo ? 1 : 0, stats.latency(other).count(), other::name);
    }
  }

  @Test
  void nothingRecordedIsEmpty() {
    assertEquals(LatencySummary.EMPTY, registry.snapshot().latency(Histo.STALL_NANOS));
  }

  @Test
  void percentilesAgreeWithSortingToThreeDigits() {
    SplittableRandom random = new SplittableRandom(20251121);
    long[] durations = new long[20_000];
    for (int i = 0; i < durations.length; i++) {
      durations[i] = random.nextLong(1L << random.nextInt(1, 40));
      registry.record(Histo.FETCH_PAGE_NANOS, durations[i]);
    }
    LatencySummary summary = registry.snapshot().latency(Histo.FETCH_PAGE_NANOS);
    Arrays.sort(durations);
    assertEquals(durations.length, summary.count());
    assertClose(durations[9_999], summary.p50Nanos());
    assertClose(durations[17_999], summary.p90Nanos());
    assertClose(durations[19_799], summary.p99Nanos());
    assertClose(durations[19_979], summary.p999Nanos());
    assertClose(durations[19_999], summary.maxNanos());
    double meanNanos = Arrays.stream(durations).average().orElseThrow();
    assertEquals(meanNanos, summary.meanNanos(), meanNanos / 1000);
  }

  private static void assertClose(long expected, long actual) {
    assertTrue(
        Math.abs(expected - actual) <= 1 + expected / 1000,
        () -> "expected " + expected + " to three digits, was " + actual);
  }

  @Test
  void durationsOutOfRangeAreCutToIt() {
    registry.record(Histo.SCOPE_AGE_NANOS, -1);
    registry.record(Histo.SCOPE_AGE_NANOS, Long.MIN_VALUE);
    registry.record(Histo.SCOPE_AGE_NANOS, Long.MAX_VALUE);
    LatencySummary summary = registry.snapshot().latency(Histo.SCOPE_AGE_NANOS);
    assertEquals(3, summary.count());
    assertEquals(0, summary.p50Nanos());
    assertClose(Distribution.MAX_NANOS, summary.maxNanos());
  }

  @Test
  void aSnapshotResetsNothing() {
    registry.record(Histo.GRACE_NANOS, 10);
    registry.increment(Counter.RESCUES);
    HeapStats first = registry.snapshot();
    assertEquals(first, registry.snapshot());
    registry.record(Histo.GRACE_NANOS, 20);
    assertEquals(2, registry.snapshot().latency(Histo.GRACE_NANOS).count());
    assertEquals(1, first.latency(Histo.GRACE_NANOS).count());
  }

  @Test
  void ageRunsFromOpening() {
    clock.addAndGet(234);
    assertEquals(234, registry.snapshot().ageNanos());
  }

  /** Snapshots are taken all the while; afterwards nothing is missing and nothing is double. */
  @Test
  void manyThreadsLoseNothing() throws InterruptedException {
    int threads = 4;
    int perThread = 50_000;
    AtomicBoolean done = new AtomicBoolean();
    AtomicBoolean fellBack = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  long seen = 0;
                  while (!done.get()) {
                    long count = registry.snapshot().latency(Histo.STALL_NANOS).count();
                    fellBack.compareAndSet(false, count < seen);
                    seen = count;
                  }
                });
    List<Thread> writers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      writers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < perThread; i++) {
                      registry.add(Counter.BYTES_IN, 3);
                      registry.record(Histo.STALL_NANOS, i);
                    }
                  }));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    done.set(true);
    reader.join();
    HeapStats stats = registry.snapshot();
    assertEquals(3L * threads * perThread, stats.count(Counter.BYTES_IN));
    assertEquals((long) threads * perThread, stats.latency(Histo.STALL_NANOS).count());
    assertTrue(!fellBack.get(), "a later snapshot counted less than an earlier one");
  }
}
