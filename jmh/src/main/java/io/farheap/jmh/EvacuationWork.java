package io.farheap.jmh;

import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.util.Arrays;

/** What a heap's evacuator has done; nothing where the heap counts no such thing. */
final class EvacuationWork {
  private EvacuationWork() {}

  /** CPU time, in nanoseconds. */
  static long nanos(HeapStats stats) {
    return count(stats, "EVACUATION_NANOS");
  }

  /** Bytes of objects that were moved. */
  static long bytes(HeapStats stats) {
    return count(stats, "BYTES_EVACUATED");
  }

  private static long count(HeapStats stats, String name) {
    return Arrays.stream(Counter.values())
        .filter(counter -> counter.name().equals(name))
        .mapToLong(stats::count)
        .sum();
  }
}
