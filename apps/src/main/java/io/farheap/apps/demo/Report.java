package io.farheap.apps.demo;

import io.farheap.base.text.ByteSize;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Puts results into a table with a column for each mode, and says what they show. */
final class Report {
  /** What the table's words mean, where that isn't plain. */
  static final String NOTE =
      "Useful bytes are those of the items that operations read or wrote; hits move none.";

  private static final int LABEL_WIDTH = 29;
  private static final int COLUMN_WIDTH = 15;

  /** Two speeds nearer than this are called equal. */
  private static final double EQUAL = 1.05;

  private Report() {}

  /** The table, lines ended by {@code \n}. */
  static String table(List<ModeResult> results) {
    StringBuilder table = new StringBuilder(1024);
    row(table, "", results, ModeResult::name);
    table.append("-".repeat(LABEL_WIDTH + COLUMN_WIDTH * results.size())).append('\n');
    row(table, "operations/s", results, r -> number(Math.round(r.operationsPerSecond())));
    row(table, "latency p50", results, r -> percentile(r, 50));
    row(table, "latency p99", results, r -> percentile(r, 99));
    row(table, "latency p99.9", results, r -> percentile(r, 99.9));
    row(table, "share of hits", results, r -> format("%.1f %%", 100 * r.stats().hitShare()));
    row(table, "object fetches", results, r -> count(r, Counter.OBJECT_FETCHES));
    row(table, "page fetches", results, r -> count(r, Counter.PAGE_FETCHES));
    row(table, "bytes moved per useful byte", results, Report::moved);
    row(table, "pages evicted", results, r -> count(r, Counter.PAGES_OUT));
    row(
        table,
        "far memory used",
        results,
        r -> ByteSize.text(r.stats().level(Gauge.FAR_BYTES_TOTAL)));
    row(
        table,
        "  of it live objects",
        results,
        r -> ByteSize.text(r.stats().level(Gauge.FAR_BYTES_LIVE)));
    row(table, "reads verified", results, r -> number(r.verified()));
    return table.toString();
  }

  /** One sentence on which mode was fastest here, and at what traffic. */
  static String sentence(List<ModeResult> results) {
    if (results.size() < 2) {
      return "One mode alone shows no difference; give --modes two or three of them.";
    }
    List<ModeResult> fastestFirst = new ArrayList<>(results);
    fastestFirst.sort(Comparator.comparingDouble(ModeResult::operationsPerSecond).reversed());
    ModeResult best = fastestFirst.getFirst();
    List<String> speeds = new ArrayList<>();
    List<String> traffic = new ArrayList<>();
    for (ModeResult other : fastestFirst.subList(1, fastestFirst.size())) {
      double ratio = best.operationsPerSecond() / other.operationsPerSecond();
      String name = other.name();
      speeds.add(ratio < EQUAL ? "about those of " + name : format("%.1f times ", ratio) + name);
      traffic.add(moved(other) + " (" + name + ")");
    }
    boolean hybridLost =
        best.mode() != Mode.HYBRID
            && results.stream()
                .anyMatch(
                    r ->
                        r.mode() == Mode.HYBRID
                            && best.operationsPerSecond() >= EQUAL * r.operationsPerSecond());
    return String.format(
        Locale.ROOT,
        "Here %s did the most operations/s, %s; it moved %s bytes per useful byte against %s%s.",
        best.name(),
        String.join(" and ", speeds),
        moved(best),
        String.join(" and ", traffic),
        hybridLost ? ", so on this workload hybrid was not the best choice" : "");
  }

  private static void row(
      StringBuilder table,
      String label,
      List<ModeResult> results,
      Function<ModeResult, String> cell) {
    table.append(String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", label));
    for (ModeResult result : results) {
      table.append(String.format(Locale.ROOT, "%" + COLUMN_WIDTH + "s", cell.apply(result)));
    }
    table.append('\n');
  }

  private static String percentile(ModeResult result, double percent) {
    long nanos = result.tally().percentileNanos(percent);
    return nanos < 1_000_000 ? format("%.1f us", nanos / 1e3) : format("%.1f ms", nanos / 1e6);
  }

  private static String moved(ModeResult result) {
    return format("%.2f", result.movedPerUsefulByte());
  }

  private static String count(ModeResult result, Counter counter) {
    return number(result.stats().count(counter));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }
}
