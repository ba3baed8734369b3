package io.farheap.stats;

import java.util.Locale;

/**
 * A distribution of durations in short. All durations are in nanoseconds, to three significant
 * digits; durations of over an hour count as an hour.
 *
 * @param count how many durations were recorded
 * @param meanNanos their mean
 * @param p50Nanos the duration that half of them stayed within
 * @param p90Nanos the duration that 90 % of them stayed within
 * @param p99Nanos the duration that 99 % of them stayed within
 * @param p999Nanos the duration that 99.9 % of them stayed within
 * @param maxNanos the longest
 */
public record LatencySummary(
    long count,
    double meanNanos,
    long p50Nanos,
    long p90Nanos,
    long p99Nanos,
    long p999Nanos,
    long maxNanos) {
  /** The summary of nothing. */
  public static final LatencySummary EMPTY = new LatencySummary(0, 0, 0, 0, 0, 0, 0);

  /**
   * The summary as one line for reading.
   *
   * @return counts and durations with their units
   */
  @Override
  public String toString() {
    if (count == 0) {
      return "none";
    }
    return String.format(
        Locale.ROOT,
        "%,d: mean %s, p50 %s, p90 %s, p99 %s, p99.9 %s, max %s",
        count,
        readable(Math.round(meanNanos)),
        readable(p50Nanos),
        readable(p90Nanos),
        readable(p99Nanos),
        readable(p999Nanos),
        readable(maxNanos));
  }

  private static String readable(long nanos) {
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return String.format(Locale.ROOT, "%.1fus", nanos / 1e3);
    }
    return nanos < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1fms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.2fs", nanos / 1e9);
  }
}
