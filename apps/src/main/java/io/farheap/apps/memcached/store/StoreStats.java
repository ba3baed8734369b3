package io.farheap.apps.memcached.store;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a store has done and holds.
 *
 * @param counts every counter, from the start or the last reset
 * @param currItems items in the index, those among them that expired and were not met yet
 * @param bytes far memory that items take, headers and padding included
 * @param limitBytes far memory that items may take before eviction
 * @param indexBuckets buckets of the index
 * @param indexBytes local memory of the index
 */
public record StoreStats(
    Map<StoreCounter, Long> counts,
    long currItems,
    long bytes,
    long limitBytes,
    long indexBuckets,
    long indexBytes) {

  /** Keeps a copy of the counters. */
  public StoreStats {
    counts = Collections.unmodifiableMap(new EnumMap<>(counts));
  }

  /** How often something happened. */
  public long count(StoreCounter counter) {
    return counts.getOrDefault(counter, 0L);
  }
}
