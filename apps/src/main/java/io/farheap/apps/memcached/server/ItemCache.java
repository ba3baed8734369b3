package io.farheap.apps.memcached.server;

import java.util.List;
import java.util.Map;

/**
 * What the protocols need of a store of items. All methods may be called by any thread.
 *
 * <p>Operations with {@code mayWait} false never wait for far memory: they answer {@link
 * Outcome#WOULD_WAIT} and have done nothing. Times are Unix times in seconds, 0 for never. Items
 * that have expired or were lost are not there.
 */
public interface ItemCache {
  /**
   * Uses an item.
   *
   * @param visitor looks at it, once
   * @return {@link Outcome#DONE}, {@link Outcome#NOT_FOUND} or {@link Outcome#WOULD_WAIT}
   */
  Outcome get(ItemKey key, boolean mayWait, ItemVisitor visitor);

  /** As {@link #get}, and lets the item expire at another time. */
  Outcome touch(ItemKey key, long expiry, boolean mayWait, ItemVisitor visitor);

  /**
   * Looks at an item alone, and may change what is kept beside its value.
   *
   * @param use whether this counts as a use
   * @param vivify whether an item without a value is made where there is none
   * @param visitor looks at it, once; the view's setters work
   * @return as {@link #get}; or {@link Outcome#NO_MEMORY}
   */
  Outcome edit(ItemKey key, boolean use, boolean vivify, boolean mayWait, ItemVisitor visitor);

  /**
   * Stores a value.
   *
   * @return {@link Outcome#DONE}, {@link Outcome#NOT_STORED}, {@link Outcome#EXISTS}, {@link
   *     Outcome#NOT_FOUND}, {@link Outcome#TOO_LARGE}, {@link Outcome#NO_MEMORY} or {@link
   *     Outcome#WOULD_WAIT}
   */
  Outcome store(ItemKey key, ItemWrite write, boolean mayWait);

  /**
   * Adds to the decimal number that an item holds, or subtracts from it.
   *
   * @return {@link Outcome#DONE}, {@link Outcome#NOT_FOUND}, {@link Outcome#NON_NUMERIC}, {@link
   *     Outcome#EXISTS}, {@link Outcome#NO_MEMORY} or {@link Outcome#WOULD_WAIT}
   */
  Outcome delta(ItemKey key, ItemDelta delta, boolean mayWait);

  /**
   * Deletes an item.
   *
   * @param casWanted the version that it must have; 0 for any
   * @return {@link Outcome#DONE}, {@link Outcome#NOT_FOUND}, {@link Outcome#EXISTS} or {@link
   *     Outcome#WOULD_WAIT}
   */
  Outcome delete(ItemKey key, long casWanted, boolean mayWait);

  /**
   * Marks an item as stale and gives it a new version.
   *
   * @param casWanted the version that it must have; 0 for any
   * @param expiry when it expires from now on; -1 to leave that
   * @return as {@link #delete}
   */
  Outcome invalidate(ItemKey key, long casWanted, long expiry, boolean mayWait);

  /**
   * Forgets every item that is there when the time has come.
   *
   * @param atSeconds a Unix time; what has passed is now
   */
  void flush(long atSeconds);

  /**
   * Begins to bring items in, in one round trip, and waits for them. Keys that are not there, and
   * far memory that does not answer, count for nothing.
   */
  void fetchAll(List<ItemKey> keys);

  /** The longest value in bytes. */
  int maxValueBytes();

  /** The Unix time in seconds by which items expire. */
  long nowSeconds();

  /** Figures of the store by memcached's names, and {@code far_} ones, in the order to show. */
  Map<String, Object> figures();

  /** Figures of {@code stats items}, {@code stats slabs} or {@code stats sizes}. */
  Map<String, Object> figures(String group);

  /** Forgets counters. */
  void resetCounters();
}
