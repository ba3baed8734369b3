package io.farheap.apps.memcached.store;

import java.util.function.LongSupplier;

/**
 * How a store is to work.
 *
 * @param maxItemBytes largest item: header, key and value together, as {@code -I}
 * @param limitBytes far memory that items may take before the oldest are evicted; 0 for as much as
 *     the heap holds without being cleaned all the time
 * @param eviction whether items are evicted; otherwise a full store refuses new ones, as {@code -M}
 * @param background whether a thread of the store's own evicts and reclaims; otherwise {@link
 *     ItemStore#work} does it when it is called
 * @param clockSeconds seconds since 1970
 */
public record StoreOptions(
    int maxItemBytes,
    long limitBytes,
    boolean eviction,
    boolean background,
    LongSupplier clockSeconds) {

  /** 1 MiB items, all of the heap, eviction, a background thread, the system's clock. */
  public static StoreOptions standard() {
    return new StoreOptions(1 << 20, 0, true, true, () -> System.currentTimeMillis() / 1000);
  }

  /** The same with another largest item. */
  public StoreOptions withMaxItemBytes(int newMaxItemBytes) {
    return new StoreOptions(newMaxItemBytes, limitBytes, eviction, background, clockSeconds);
  }

  /** The same with another limit. */
  public StoreOptions withLimitBytes(long newLimitBytes) {
    return new StoreOptions(maxItemBytes, newLimitBytes, eviction, background, clockSeconds);
  }

  /** The same, with or without eviction. */
  public StoreOptions withEviction(boolean newEviction) {
    return new StoreOptions(maxItemBytes, limitBytes, newEviction, background, clockSeconds);
  }

  /** The same, with or without a background thread. */
  public StoreOptions withBackground(boolean newBackground) {
    return new StoreOptions(maxItemBytes, limitBytes, eviction, newBackground, clockSeconds);
  }

  /** The same with another clock. */
  public StoreOptions withClock(LongSupplier newClockSeconds) {
    return new StoreOptions(maxItemBytes, limitBytes, eviction, background, newClockSeconds);
  }
}
