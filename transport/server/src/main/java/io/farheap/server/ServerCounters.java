package io.farheap.server;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts, by any number of threads. */
final class ServerCounters {
  /** Each power of two of nanoseconds has this many steps: 12 % from one to the next. */
  private static final int STEP_BITS = 3;

  private static final int STEPS = 1 << STEP_BITS;

  final LongAdder reads = new LongAdder();
  final LongAdder writes = new LongAdder();
  final LongAdder bytesRead = new LongAdder();
  final LongAdder bytesWritten = new LongAdder();
  final LongAdder others = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder brokenConnections = new LongAdder();
  final LongAdder connections = new LongAdder();
  private final AtomicLongArray latencies = new AtomicLongArray(Long.SIZE << STEP_BITS);

  /** Some requests were answered after this long. */
  void answered(long nanos, int requests) {
    latencies.getAndAdd(bucket(nanos), requests);
  }

  private static int bucket(long nanos) {
    long value = Math.max(nanos, STEPS);
    int log = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    return (log << STEP_BITS) + (int) (value >>> (log - STEP_BITS) & (STEPS - 1));
  }

  private static long upperNanos(int bucket) {
    int log = bucket >>> STEP_BITS;
    return (long) (STEPS + (bucket & (STEPS - 1)) + 1) << Math.max(0, log - STEP_BITS);
  }

  /** A time that this share of all requests did not exceed, to 12 %; 0 if there were none. */
  long percentileNanos(double share) {
    long total = 0;
    for (int i = 0; i < latencies.length(); i++) {
      total += latencies.get(i);
    }
    long left = (long) Math.ceil(total * share);
    for (int i = 0; i < latencies.length() && total > 0; i++) {
      left -= latencies.get(i);
      if (left <= 0) {
        return upperNanos(i);
      }
    }
    return 0;
  }
}
