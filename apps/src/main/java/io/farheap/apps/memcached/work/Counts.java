package io.farheap.apps.memcached.work;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the threads that carry requests out have counted, each in an array of its own. */
public final class Counts {
  private final List<long[]> all = new CopyOnWriteArrayList<>();

  /** An array for one thread at a time to count in, by {@link Count#place}. */
  long[] begin() {
    long[] counts = new long[Count.values().length];
    all.add(counts);
    return counts;
  }

  /** What all have counted; a moment old where they work. */
  public long sum(Count what) {
    long sum = 0;
    for (long[] counts : all) {
      sum += counts[what.place()];
    }
    return sum;
  }
}
