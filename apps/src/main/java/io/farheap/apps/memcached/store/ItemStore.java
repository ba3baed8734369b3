package io.farheap.apps.memcached.store;

import io.farheap.FarHeap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A cache of items by key, in far memory. Every operation is atomic for its key. All methods may be
 * called by any thread.
 *
 * <p>Operations take {@code mayWait}: on a thread that must not block it is false, and what would
 * have to wait answers {@link Outcome#WOULD_WAIT} with nothing done. They fill an {@link ItemInfo}
 * of the caller's.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ItemStore implements AutoCloseable {
  private ItemStore() {}

  /**
   * Makes an empty store on a heap, which stays the caller's and is closed after the store.
   *
   * @throws IllegalArgumentException if the options do not go with the heap
   */
  public static ItemStore open(FarHeap heap, StoreOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads an item: get, gat, touch and what the meta protocol adds.
   *
   * @param sink given the item, unless the outcome is another than HIT; null if only the item's
   *     info is wanted
   * @return HIT, MISS, NO_MEMORY (only when it vivifies), UNAVAILABLE, WOULD_WAIT
   */
  public Outcome get(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, boolean mayWait) {
    throw new UnsupportedOperationException();
  }

  /**
   * Stores an item.
   *
   * @return STORED, NOT_STORED, EXISTS, MISS, TOO_LARGE, NO_MEMORY, UNAVAILABLE, WOULD_WAIT; with
   *     STORED the info has the CAS unique
   */
  public Outcome set(ItemKey key, SetRequest request, ItemInfo info, boolean mayWait) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts an item's number up or down.
   *
   * @return HIT, MISS, EXISTS, NOT_A_NUMBER, NO_MEMORY, UNAVAILABLE, WOULD_WAIT; with HIT the info
   *     has the number and the CAS unique
   */
  public Outcome delta(ItemKey key, DeltaRequest request, ItemInfo info, boolean mayWait) {
    throw new UnsupportedOperationException();
  }

  /**
   * Deletes an item, or marks it stale.
   *
   * @return HIT, MISS, EXISTS, UNAVAILABLE, NO_MEMORY, WOULD_WAIT
   */
  public Outcome delete(ItemKey key, DeleteRequest request, ItemInfo info, boolean mayWait) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes all items that are there at a moment vanish.
   *
   * @param atSeconds since 1970; now or a moment that has passed for at once. A later call takes an
   *     earlier one's place
   */
  public void flushAll(long atSeconds) {
    throw new UnsupportedOperationException();
  }

  /**
   * The handle of the item that a key seems to have, from the index alone, for {@link #fetch}.
   *
   * @return 0 if there is none; another item's with a small probability
   */
  public long locate(ItemKey key) {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether an item's bytes are local, so that an operation on it would not wait now.
   *
   * @param handle of {@link #locate}
   */
  public boolean isLocal(long handle) {
    throw new UnsupportedOperationException();
  }

  /**
   * Brings items in together, in as few round trips as there can be.
   *
   * @param handles of {@link #locate}; zeros, repetitions and handles of items that are gone since
   *     are passed over
   * @return completes once all were local; never exceptionally: what cannot be had shows in the
   *     operation on it
   */
  public CompletableFuture<Void> fetch(long... handles) {
    throw new UnsupportedOperationException();
  }

  /**
   * As {@link #fetch(long...)}, by key.
   *
   * @param keys not kept
   */
  public CompletableFuture<Void> fetch(List<ItemKey> keys) {
    throw new UnsupportedOperationException();
  }

  /**
   * Does some of the background work, evicting and reclaiming, on the caller's thread.
   *
   * @return items dropped
   */
  public int work() {
    throw new UnsupportedOperationException();
  }

  /** What the store has done and holds. */
  public StoreStats stats() {
    throw new UnsupportedOperationException();
  }

  /** Sets the counters to 0. */
  public void resetStats() {
    throw new UnsupportedOperationException();
  }

  /** Ends the background work. The items stay in the heap until it is closed. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
