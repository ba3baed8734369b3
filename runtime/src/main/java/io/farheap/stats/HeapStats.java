package io.farheap.stats;

import io.farheap.base.text.ByteSize;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a heap has done and how it stands: an immutable snapshot, to keep, compare and export.
 *
 * <p>Counts and latencies run from the moment the heap was opened; taking a snapshot resets
 * nothing. What happened in between two snapshots is {@code later.minus(earlier)}.
 *
 * @param ageNanos how long the heap had been open, or the time between two snapshots, in
 *     nanoseconds
 * @param counts every counter
 * @param levels every gauge
 * @param latencies every distribution of durations
 */
public record HeapStats(
    long ageNanos,
    Map<Counter, Long> counts,
    Map<Gauge, Long> levels,
    Map<Histo, LatencySummary> latencies) {

  /**
   * Makes a snapshot that holds copies. What a map lacks counts as nothing.
   *
   * @param ageNanos how long the heap has been open, in nanoseconds
   * @param counts the counters
   * @param levels the gauges
   * @param latencies the distributions of durations
   */
  public HeapStats {
    counts = complete(Counter.class, counts, 0L);
    levels = complete(Gauge.class, levels, 0L);
    latencies = complete(Histo.class, latencies, LatencySummary.EMPTY);
  }

  /**
   * How often something happened.
   *
   * @param counter what
   * @return its count; bytes for those that count bytes
   */
  public long count(Counter counter) {
    return counts.get(counter);
  }

  /**
   * How much of something there was.
   *
   * @param gauge what
   * @return its level
   */
  public long level(Gauge gauge) {
    return levels.get(gauge);
  }

  /**
   * How long something took.
   *
   * @param histo what
   * @return its distribution in short
   */
  public LatencySummary latency(Histo histo) {
    return latencies.get(histo);
  }

  /**
   * Misses on either path.
   *
   * @return object fetches and page fetches together; readahead isn't among them
   */
  public long misses() {
    return count(Counter.OBJECT_FETCHES) + count(Counter.PAGE_FETCHES);
  }

  /**
   * The share of accesses that found their bytes local.
   *
   * @return 0 to 1; 1 if there was no access
   */
  public double hitShare() {
    long accesses = count(Counter.HITS) + misses();
    return accesses == 0 ? 1 : (double) count(Counter.HITS) / accesses;
  }

  /**
   * How many bytes moved, in and out, for one byte that the application asked for and that wasn't
   * local.
   *
   * @return the ratio; 0 if no byte moved, infinite if none of them was useful
   */
  public double bytesMovedPerUsefulByte() {
    long moved = count(Counter.BYTES_IN) + count(Counter.BYTES_OUT);
    return moved == 0 ? 0 : (double) moved / count(Counter.BYTES_USEFUL);
  }

  /**
   * What happened since an earlier snapshot of the same heap. Counts are differences; levels and
   * latencies are this snapshot's, since a distribution's percentiles can't be subtracted.
   *
   * @param earlier the earlier snapshot
   * @return counts and time since then
   * @throws IllegalArgumentException if {@code earlier} is the later one of the two
   */
  public HeapStats minus(HeapStats earlier) {
    if (earlier.ageNanos > ageNanos) {
      throw new IllegalArgumentException(
          "the snapshot to subtract is later ("
              + earlier.ageNanos
              + " ns after opening) than this one ("
              + ageNanos
              + " ns); swap the two");
    }
    Map<Counter, Long> differences = new EnumMap<>(Counter.class);
    counts.forEach((counter, count) -> differences.put(counter, count - earlier.count(counter)));
    return new HeapStats(ageNanos - earlier.ageNanos, differences, levels, latencies);
  }

  /**
   * Everything by name, for exporters. Names are in lower case with underscores: {@code
   * page_fetches}, {@code frames_free}, {@code fetch_page_nanos_p99}.
   *
   * @return names and numbers in a fixed order
   */
  public Map<String, Number> toMap() {
    Map<String, Number> numbers = new LinkedHashMap<>();
    numbers.put("age_nanos", ageNanos);
    counts.forEach((counter, count) -> numbers.put(lowerCase(counter), count));
    levels.forEach((gauge, level) -> numbers.put(lowerCase(gauge), level));
    latencies.forEach(
        (histo, latency) -> {
          String name = lowerCase(histo);
          numbers.put(name + "_count", latency.count());
          numbers.put(name + "_mean", latency.meanNanos());
          numbers.put(name + "_p50", latency.p50Nanos());
          numbers.put(name + "_p90", latency.p90Nanos());
          numbers.put(name + "_p99", latency.p99Nanos());
          numbers.put(name + "_p999", latency.p999Nanos());
          numbers.put(name + "_max", latency.maxNanos());
        });
    return Collections.unmodifiableMap(numbers);
  }

  /**
   * A table for reading: one line for each counter, level and distribution.
   *
   * @return the table, lines ended by {@code \n}
   */
  public String describe() {
    StringBuilder table = new StringBuilder(2048);
    line(table, "hit share", String.format(Locale.ROOT, "%.2f %%", 100 * hitShare()));
    line(
        table,
        "bytes moved per useful byte",
        String.format(Locale.ROOT, "%.2f", bytesMovedPerUsefulByte()));
    counts.forEach((counter, count) -> line(table, words(counter), amount(counter, count)));
    levels.forEach((gauge, level) -> line(table, words(gauge), amount(gauge, level)));
    latencies.forEach(
        (histo, latency) ->
            line(table, words(histo).replace(" nanos", " time"), latency.toString()));
    return table.toString();
  }

  /**
   * The table of {@link #describe()}.
   *
   * @return the table
   */
  @Override
  public String toString() {
    return describe();
  }

  private static void line(StringBuilder table, String name, String value) {
    table.append(String.format(Locale.ROOT, "%-28s %s%n", name, value).replace("\r", ""));
  }

  private static String amount(Enum<?> what, long amount) {
    String digits = String.format(Locale.ROOT, "%,d", amount);
    return what.name().contains("BYTES") ? digits + " (" + ByteSize.text(amount) + ")" : digits;
  }

  private static String words(Enum<?> what) {
    return lowerCase(what).replace('_', ' ');
  }

  private static String lowerCase(Enum<?> what) {
    return what.name().toLowerCase(Locale.ROOT);
  }

  private static <K extends Enum<K>, V> Map<K, V> complete(
      Class<K> keys, Map<K, V> values, V absent) {
    Map<K, V> copy = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      copy.put(key, values.getOrDefault(key, absent));
    }
    return Collections.unmodifiableMap(copy);
  }
}
