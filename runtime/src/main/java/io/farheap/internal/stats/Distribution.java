package io.farheap.internal.stats;

import io.farheap.stats.LatencySummary;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * One distribution of durations to three significant digits. Any thread records without waiting
 * (but for the first record, which allocates); readers take turns on this object's lock, and each
 * of them sees everything recorded so far.
 */
final class Distribution {
  /** The longest duration told apart, in nanoseconds; longer ones count as this. */
  static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

  private static final int SIGNIFICANT_DIGITS = 3;

  /**
   * Writers' side: HdrHistogram's wait-free writers and phased reader. Null until something is
   * recorded, since a recorder takes 256 KiB and many a heap is small; set once, under the lock.
   */
  private volatile Recorder recorder;

  /** Everything taken out of the recorder so far; guarded by this. */
  private Histogram total;

  /** The interval taken last, given back to be filled again; guarded by this. */
  private Histogram interval;

  /** Records one duration in nanoseconds, cut to 0 … {@link #MAX_NANOS}. */
  void record(long durationNanos) {
    Recorder present = recorder;
    if (present == null) {
      present = makeRecorder();
    }
    present.recordValue(Math.clamp(durationNanos, 0L, MAX_NANOS));
  }

  /** Summarises everything recorded since the beginning. */
  synchronized LatencySummary summary() {
    if (recorder == null) {
      return LatencySummary.EMPTY;
    }
    if (total == null) {
      total = new Histogram(MAX_NANOS, SIGNIFICANT_DIGITS);
    }
    interval = recorder.getIntervalHistogram(interval);
    total.add(interval);
    if (total.getTotalCount() == 0) {
      return LatencySummary.EMPTY;
    }
    return new LatencySummary(
        total.getTotalCount(),
        total.getMean(),
        total.getValueAtPercentile(50),
        total.getValueAtPercentile(90),
        total.getValueAtPercentile(99),
        total.getValueAtPercentile(99.9),
        total.getMaxValue());
  }

  private synchronized Recorder makeRecorder() {
    if (recorder == null) {
      recorder = new Recorder(MAX_NANOS, SIGNIFICANT_DIGITS);
    }
    return recorder;
  }
}
