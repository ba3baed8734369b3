package io.farheap.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapStatsTest {
  private static final HeapStats NOTHING = new HeapStats(0, Map.of(), Map.of(), Map.of());

  @Test
  void whatIsLackingIsNothing() {
    for (Counter counter : Counter.values()) {
      assertEquals(0, NOTHING.count(counter));
    }
    for (Gauge gauge : Gauge.values()) {
      assertEquals(0, NOTHING.level(gauge));
    }
    for (Histo histo : Histo.values()) {
      assertEquals(LatencySummary.EMPTY, NOTHING.latency(histo));
    }
    assertEquals(1, NOTHING.hitShare());
    assertEquals(0, NOTHING.bytesMovedPerUsefulByte());
  }

  @Test
  void itKeepsCopiesAndCannotBeChanged() {
    Map<Counter, Long> counts = new EnumMap<>(Map.of(Counter.HITS, 1L));
    HeapStats stats = new HeapStats(0, counts, Map.of(), Map.of());
    counts.put(Counter.HITS, 2L);
    assertEquals(1, stats.count(Counter.HITS));
    assertThrows(UnsupportedOperationException.class, () -> stats.counts().put(Counter.HITS, 3L));
    assertThrows(UnsupportedOperationException.class, () -> stats.toMap().clear());
  }

  @Test
  void sharesFollowFromCounts() {
    HeapStats stats =
        counts(
            Map.of(
                Counter.HITS, 90L,
                Counter.OBJECT_FETCHES, 7L,
                Counter.PAGE_FETCHES, 3L,
                Counter.BYTES_IN, 300L,
                Counter.BYTES_OUT, 100L,
                Counter.BYTES_USEFUL, 200L));
    assertEquals(10, stats.misses());
    assertEquals(0.9, stats.hitShare());
    assertEquals(2.0, stats.bytesMovedPerUsefulByte());
    assertEquals(
        Double.POSITIVE_INFINITY, counts(Map.of(Counter.BYTES_OUT, 1L)).bytesMovedPerUsefulByte());
  }

  @Test
  void minusIsWhatHappenedInBetween() {
    HeapStats earlier =
        new HeapStats(10, Map.of(Counter.HITS, 5L), Map.of(Gauge.PINS, 9L), Map.of());
    HeapStats later =
        new HeapStats(
            30, Map.of(Counter.HITS, 12L, Counter.FREES, 1L), Map.of(Gauge.PINS, 2L), Map.of());
    HeapStats between = later.minus(earlier);
    assertEquals(20, between.ageNanos());
    assertEquals(7, between.count(Counter.HITS));
    assertEquals(1, between.count(Counter.FREES));
    assertEquals(2, between.level(Gauge.PINS));
    assertThrows(IllegalArgumentException.class, () -> earlier.minus(later));
  }

  @Test
  void theMapNamesEverythingOnce() {
    Map<String, Number> map =
        new HeapStats(
                8,
                Map.of(Counter.PAGE_FETCHES, 3L),
                Map.of(Gauge.FRAMES_FREE, 4L),
                Map.of(Histo.STALL_NANOS, new LatencySummary(1, 2.5, 3, 4, 5, 6, 7)))
            .toMap();
    assertEquals(
        1 + Counter.values().length + Gauge.values().length + 7 * Histo.values().length,
        map.size());
    assertEquals(8L, map.get("age_nanos"));
    assertEquals(3L, map.get("page_fetches"));
    assertEquals(4L, map.get("frames_free"));
    assertEquals(2.5, map.get("stall_nanos_mean"));
    assertEquals(6L, map.get("stall_nanos_p999"));
    assertEquals(7L, map.get("stall_nanos_max"));
  }

  @Test
  void theTableReadsWell() {
    String table =
        new HeapStats(
                0,
                Map.of(Counter.BYTES_IN, 1_610_612_736L, Counter.HITS, 1_234_567L),
                Map.of(),
                Map.of(
                    Histo.FETCH_PAGE_NANOS,
                    new LatencySummary(
                        12, 999.4, 1_500, 20_000, 3_000_000, 3_000_000, 4_000_000_000L)))
            .toString();
    assertTrue(table.contains("hits                         1,234,567\n"), table);
    assertTrue(table.contains("bytes in                     1,610,612,736 (1.5 GiB)\n"), table);
    assertTrue(
        table.contains(
            "fetch page time              12: mean 999ns, p50 1.5us, p90 20.0us, p99 3.0ms,"
                + " p99.9 3.0ms, max 4.00s\n"),
        table);
    assertTrue(table.contains("stall time                   none\n"), table);
  }

  private static HeapStats counts(Map<Counter, Long> counts) {
    return new HeapStats(0, counts, Map.of(), Map.of());
  }
}
