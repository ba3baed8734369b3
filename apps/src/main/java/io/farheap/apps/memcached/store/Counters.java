package io.farheap.apps.memcached.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a store, striped so that threads do not meet in them. */
@SuppressWarnings("EnumOrdinal") // an array of counters, by counter
final class Counters {
  private final LongAdder[] adders = new LongAdder[StoreCounter.values().length];

  Counters() {
    for (int i = 0; i < adders.length; i++) {
      adders[i] = new LongAdder();
    }
  }

  void count(StoreCounter counter) {
    adders[counter.ordinal()].increment();
  }

  void count(StoreCounter counter, long times) {
    adders[counter.ordinal()].add(times);
  }

  /** Plain gets are counted as hits and misses only, and summed here. */
  Map<StoreCounter, Long> snapshot() {
    Map<StoreCounter, Long> counts = new EnumMap<>(StoreCounter.class);
    for (StoreCounter counter : StoreCounter.values()) {
      counts.put(counter, adders[counter.ordinal()].sum());
    }
    counts.put(
        StoreCounter.CMD_GET,
        counts.get(StoreCounter.CMD_GET)
            + counts.get(StoreCounter.GET_HITS)
            + counts.get(StoreCounter.GET_MISSES));
    return counts;
  }

  void reset() {
    for (LongAdder adder : adders) {
      adder.reset();
    }
  }
}
