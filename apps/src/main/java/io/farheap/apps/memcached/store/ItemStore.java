package io.farheap.apps.memcached.store;

import io.farheap.FarHeap;
import io.farheap.error.StaleHandleException;
import io.farheap.index.HashIndex;
import io.farheap.index.IndexCursor;
import java.time.Duration;
import java.util.Arrays;

/**
 * A cache of items by key, in far memory. Every operation is atomic for its key. All methods may be
 * called by any thread.
 *
 * <p>Operations take {@code mayWait}: on a thread that must not block it is false, and what would
 * have to wait answers {@link Outcome#WOULD_WAIT} with nothing done. They fill an {@link ItemInfo}
 * of the caller's.
 */
public final class ItemStore implements AutoCloseable {
  private static final int ITEM_GUESS_BYTES = 512;

  /** Part of its expected size that the index begins with. */
  private static final int INDEX_START = 8;

  private static final int LEAST_ITEM_BYTES = 32;

  /**
   * Share of far memory that items take at most, if no limit is given: the log wants some slack.
   */
  private static final double DEFAULT_SHARE = 0.9;

  /** Buckets that the background thread looks at in one step. */
  private static final long CRAWL_STEP = 4096;

  private final Items items;
  private final Eviction eviction;
  private final Crawler crawler;
  private final Flush flush;
  private final Reads reads;
  private final Writes writes;
  private final Changes changes;
  private final Upkeep upkeep;

  private ItemStore(FarHeap heap, StoreOptions options) {
    long farBytes = heap.options().farMemoryBytes();
    long limitBytes =
        options.limitBytes() > 0 ? options.limitBytes() : (long) (farBytes * DEFAULT_SHARE);
    HashIndex index =
        new HashIndex(
            Math.min(limitBytes, farBytes) / ITEM_GUESS_BYTES / INDEX_START,
            farBytes / LEAST_ITEM_BYTES);
    this.items = new Items(heap, index, options.maxItemBytes(), options.clockSeconds());
    this.eviction = new Eviction(items, limitBytes, options.eviction());
    this.crawler = new Crawler(items);
    this.flush = new Flush(items, crawler);
    this.writes = new Writes(items, eviction);
    this.reads = new Reads(items, writes);
    this.changes = new Changes(items, writes);
    this.upkeep = options.background() ? Upkeep.start(this) : null;
  }

  /**
   * Makes an empty store on a heap, which stays the caller's and is closed after the store.
   *
   * @throws IllegalArgumentException if the options do not go with the heap
   */
  public static ItemStore open(FarHeap heap, StoreOptions options) {
    if (options.maxItemBytes() > heap.maxObjectBytes()) {
      throw new IllegalArgumentException(
          "items of "
              + options.maxItemBytes()
              + " bytes are larger than the heap takes ("
              + heap.maxObjectBytes()
              + " bytes): raise its local memory, or lower the largest item");
    }
    return new ItemStore(heap, options);
  }

  /**
   * Reads an item: get, gat, touch and what the meta protocol adds.
   *
   * @param sink given the item, unless the outcome is another than HIT; null if only the item's
   *     info is wanted; without a sink, {@link GetRequest#noBump} counts nothing
   * @return HIT, MISS, NO_MEMORY (only when it vivifies), UNAVAILABLE, WOULD_WAIT
   */
  public Outcome get(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, boolean mayWait) {
    long now = items.now();
    flush.poll(now);
    return reads.get(key, request, sink, info, now, mayWait);
  }

  /**
   * Stores an item.
   *
   * @return STORED, NOT_STORED, EXISTS, MISS, TOO_LARGE, NO_MEMORY, UNAVAILABLE, WOULD_WAIT; with
   *     STORED the info has the CAS unique
   */
  public Outcome set(ItemKey key, SetRequest request, ItemInfo info, boolean mayWait) {
    long now = items.now();
    flush.poll(now);
    return writes.set(key, request, info, now, mayWait);
  }

  /**
   * Counts an item's number up or down.
   *
   * @return HIT, MISS, EXISTS, NOT_A_NUMBER, NO_MEMORY, UNAVAILABLE, WOULD_WAIT; with HIT the info
   *     has the number and the CAS unique
   */
  public Outcome delta(ItemKey key, DeltaRequest request, ItemInfo info, boolean mayWait) {
    long now = items.now();
    flush.poll(now);
    return changes.delta(key, request, info, now, mayWait);
  }

  /**
   * Deletes an item, or marks it stale.
   *
   * @return HIT, MISS, EXISTS, UNAVAILABLE, NO_MEMORY, WOULD_WAIT
   */
  public Outcome delete(ItemKey key, DeleteRequest request, ItemInfo info, boolean mayWait) {
    long now = items.now();
    flush.poll(now);
    return changes.delete(key, request, info, now, mayWait);
  }

  /**
   * Makes all items that are there at a moment vanish.
   *
   * @param atSeconds since 1970; now or a moment that has passed for at once. A later call takes an
   *     earlier one's place
   */
  public void flushAll(long atSeconds) {
    items.counters.count(StoreCounter.CMD_FLUSH);
    flush.at(atSeconds);
  }

  /**
   * The handle of the item that a key seems to have, from the index alone, for {@link #tryFetch}.
   *
   * @return 0 if there is none; another item's with a small probability
   */
  public long locate(ItemKey key) {
    IndexCursor cursor = key.lookup.cursor(items.index);
    for (long h = cursor.first(key.hash); h != 0; h = cursor.next()) {
      if (Aux.epoch(cursor.aux()) == items.epoch) {
        return h;
      }
    }
    return 0;
  }

  /**
   * Whether an item's bytes are local, so that an operation on it would not wait now.
   *
   * @param handle of {@link #locate}
   */
  public boolean isLocal(long handle) {
    try {
      return items.handles.isLocal(handle);
    } catch (StaleHandleException e) {
      return true; // gone, so that nothing would be waited for
    }
  }

  /**
   * Tries to bring items in together, in as few round trips as there can be. What does not come
   * shows in the operation on it.
   *
   * @param most how long to wait for them
   * @param handles of {@link #locate}; zeros, repetitions and handles of items that are gone since
   *     are passed over
   * @return whether all are there
   */
  public boolean tryFetch(Duration most, long... handles) {
    long[] wanted = new long[handles.length];
    int count = 0;
    for (long handle : handles) {
      if (handle != 0 && !isLocal(handle)) {
        wanted[count++] = handle;
      }
    }
    return count == 0 || items.handles.tryFetch(most, Arrays.copyOf(wanted, count));
  }

  /**
   * Does some of the background work, evicting and reclaiming, on the caller's thread.
   *
   * @return items dropped
   */
  public int work() {
    flush.poll(items.now());
    int dropped = crawler.crawl(Math.min(CRAWL_STEP, items.index.buckets()));
    return eviction.allowed() && eviction.over() ? dropped + eviction.makeRoom(0) : dropped;
  }

  /** Steps that make up one round of the crawler. */
  long stepsPerRound() {
    return items.index.buckets() / CRAWL_STEP + 1;
  }

  /** Tries again, once in a while, whether the heap holds as much as the limit says. */
  void raiseLimit() {
    eviction.recover();
  }

  /**
   * Recounts the index, while no operation is under way, for tests.
   *
   * @throws IllegalStateException if something does not add up
   */
  public void check() {
    items.index.check();
  }

  /** What the store has done and holds. */
  public StoreStats stats() {
    return new StoreStats(
        items.counters.snapshot(),
        items.index.size(),
        items.bytes(),
        eviction.limitBytes(),
        items.index.buckets(),
        items.index.memoryBytes());
  }

  /** Sets the counters to 0. */
  public void resetStats() {
    items.counters.reset();
  }

  /** Ends the background work. The items stay in the heap until it is closed. */
  @Override
  public void close() {
    if (upkeep != null) {
      upkeep.close();
    }
  }
}
