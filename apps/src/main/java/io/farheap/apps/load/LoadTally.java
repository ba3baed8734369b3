package io.farheap.apps.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What one thread has counted. For that thread, until it has ended. */
final class LoadTally {
  private static final int DIGITS = 3;
  private static final long MOST_NANOS = TimeUnit.HOURS.toNanos(1);

  final Histogram getNanos = new Histogram(MOST_NANOS, DIGITS);
  final Histogram setNanos = new Histogram(MOST_NANOS, DIGITS);
  final Histogram lagNanos = new Histogram(MOST_NANOS, DIGITS);
  long gets;
  long hits;
  long misses;
  long sets;
  long stored;
  long errors;
  long unsent;
  long receivedBytes;
  long sentBytes;
  long cpuNanos;

  static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, MOST_NANOS));
  }

  void add(LoadTally other) {
    getNanos.add(other.getNanos);
    setNanos.add(other.setNanos);
    lagNanos.add(other.lagNanos);
    gets += other.gets;
    hits += other.hits;
    misses += other.misses;
    sets += other.sets;
    stored += other.stored;
    errors += other.errors;
    unsent += other.unsent;
    receivedBytes += other.receivedBytes;
    sentBytes += other.sentBytes;
    cpuNanos += other.cpuNanos;
  }
}
