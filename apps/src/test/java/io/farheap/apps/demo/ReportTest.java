package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static ModeResult result(Mode mode, int operations, long movedBytes) {
    Tally tally = new Tally();
    for (int i = 0; i < operations; i++) {
      tally.read(2_000, 100);
    }
    HeapStats stats =
        new HeapStats(
            1,
            Map.of(
                Counter.HITS, 750L,
                Counter.OBJECT_FETCHES, 200L,
                Counter.PAGE_FETCHES, 50L,
                Counter.BYTES_IN, movedBytes,
                Counter.PAGES_OUT, 1_234_567L),
            Map.of(Gauge.FAR_BYTES_TOTAL, 3L << 30, Gauge.FAR_BYTES_LIVE, 5L << 29),
            Map.of());
    return new ModeResult(mode, 1_000_000_000L, tally, stats, 4_321);
  }

  @Test
  void tableHasAColumnForEachMode() {
    List<ModeResult> results =
        List.of(result(Mode.HYBRID, 2_000, 500_000), result(Mode.PAGING_ONLY, 1_000, 800_000));
    String table = Report.table(results);
    assertEquals(
        """
                                              hybrid    paging only
        -----------------------------------------------------------
        operations/s                           2,000          1,000
        latency p50                           2.0 us         2.0 us
        latency p99                           2.0 us         2.0 us
        latency p99.9                         2.0 us         2.0 us
        share of hits                         75.0 %         75.0 %
        object fetches                           200            200
        page fetches                              50             50
        bytes moved per useful byte             2.50           8.00
        pages evicted                      1,234,567      1,234,567
        far memory used                        3 GiB          3 GiB
          of it live objects                 2.5 GiB        2.5 GiB
        reads verified                         4,321          4,321
        """,
        table);
  }

  @Test
  void sentenceNamesTheFastestAndItsTraffic() {
    assertEquals(
        "Here hybrid did the most operations/s, 1.5 times object only and 2.0 times paging only;"
            + " it moved 2.00 bytes per useful byte against 1.00 (object only) and 8.00 (paging"
            + " only).",
        Report.sentence(
            List.of(
                result(Mode.HYBRID, 3_000, 600_000),
                result(Mode.PAGING_ONLY, 1_500, 1_200_000),
                result(Mode.OBJECT_ONLY, 2_000, 200_000))));
  }

  @Test
  void sentenceAdmitsThatHybridLost() {
    String sentence =
        Report.sentence(List.of(result(Mode.HYBRID, 1_000, 1), result(Mode.OBJECT_ONLY, 2_000, 1)));
    assertTrue(sentence.startsWith("Here object only did the most operations/s, 2.0 times hybrid"));
    assertTrue(sentence.endsWith("hybrid was not the best choice."), sentence);
  }

  @Test
  void equalSpeedsAreNoLoss() {
    String sentence =
        Report.sentence(List.of(result(Mode.HYBRID, 1_000, 1), result(Mode.OBJECT_ONLY, 1_020, 1)));
    assertTrue(sentence.contains("about those of hybrid"), sentence);
    assertTrue(!sentence.contains("not the best"), sentence);
  }

  @Test
  void oneModeIsNotCompared() {
    assertTrue(Report.sentence(List.of(result(Mode.HYBRID, 1, 1))).startsWith("One mode alone"));
  }
}
