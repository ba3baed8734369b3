package io.farheap.apps.memcached.store;

import java.util.Locale;

/** What a store counts; the names in lower case are memcached's, as far as it has them. */
public enum StoreCounter {
  /** Items stored since the start. */
  TOTAL_ITEMS,
  /** Gets, an item each. */
  CMD_GET,
  /** Requests to store. */
  CMD_SET,
  /** Requests to flush. */
  CMD_FLUSH,
  /** Requests to touch, gat among them. */
  CMD_TOUCH,
  /** Requests of the meta protocol are counted by whoever speaks it. */
  CMD_META,
  /** Gets that found an item. */
  GET_HITS,
  /** Gets that found none. */
  GET_MISSES,
  /** Of the misses, those that met an item that had expired. */
  GET_EXPIRED,
  /** Of the misses, those that met an item that had been flushed. */
  GET_FLUSHED,
  /** Touches that found an item. */
  TOUCH_HITS,
  /** Touches that found none. */
  TOUCH_MISSES,
  /** Deletes that found an item. */
  DELETE_HITS,
  /** Deletes that found none. */
  DELETE_MISSES,
  /** Increments that found an item. */
  INCR_HITS,
  /** Increments that found none. */
  INCR_MISSES,
  /** Decrements that found an item. */
  DECR_HITS,
  /** Decrements that found none. */
  DECR_MISSES,
  /** Stores with a CAS unique that was the item's. */
  CAS_HITS,
  /** Stores with a CAS unique that found no item. */
  CAS_MISSES,
  /** Stores with a CAS unique that was not the item's. */
  CAS_BADVAL,
  /** Items evicted to make room. */
  EVICTIONS,
  /** Of the evicted, those that nobody had read. */
  EVICTED_UNFETCHED,
  /** Items given back since they had expired or been flushed. */
  RECLAIMED,
  /** Of the expired, those that nobody had read. */
  EXPIRED_UNFETCHED,
  /** Items that the background crawler gave back. */
  CRAWLER_RECLAIMED,
  /** Items that the background crawler looked at. */
  CRAWLER_ITEMS_CHECKED,
  /** Items refused since they were too large. */
  STORE_TOO_LARGE,
  /** Items refused since there was no memory. */
  STORE_NO_MEMORY,
  /** Items lost with their memory server, and dropped. */
  FAR_LOST_ITEMS,
  /** Operations that a memory server did not answer in time. */
  FAR_UNAVAILABLE,
  /** Operations answered with {@link Outcome#WOULD_WAIT}. */
  FAR_WOULD_WAIT,
  /** Items that came up in the index by chance and were brought in for nothing. */
  FAR_FALSE_CANDIDATES;

  /** The name in statistics. */
  public String statName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
