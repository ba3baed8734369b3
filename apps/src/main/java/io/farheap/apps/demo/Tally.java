package io.farheap.apps.demo;

import org.HdrHistogram.Histogram;

/** What operations did, one thread's or all threads' together. For one thread at a time. */
final class Tally {
  private static final long LONGEST_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;

  private final Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
  private long reads;
  private long usefulBytes;

  /** Notes a read. */
  void read(long nanos, int itemBytes) {
    reads++;
    update(nanos, itemBytes);
  }

  /** Notes an update. */
  void update(long nanos, int itemBytes) {
    latencies.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    usefulBytes += itemBytes;
  }

  /** Adds another thread's. */
  void add(Tally other) {
    latencies.add(other.latencies);
    reads += other.reads;
    usefulBytes += other.usefulBytes;
  }

  long operations() {
    return latencies.getTotalCount();
  }

  /** Operations that read and verified. */
  long reads() {
    return reads;
  }

  /** Bytes of the items that operations read or wrote, local ones included. */
  long usefulBytes() {
    return usefulBytes;
  }

  /**
   * The duration that a share of the operations stayed within.
   *
   * @param percent 0 to 100
   * @return nanoseconds, to three digits
   */
  long percentileNanos(double percent) {
    return latencies.getValueAtPercentile(percent);
  }
}
