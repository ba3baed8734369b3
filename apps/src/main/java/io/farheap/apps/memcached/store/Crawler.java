package io.farheap.apps.memcached.store;

import io.farheap.index.EntryVisitor;

/**
 * Goes round the index in the background and gives back what has expired or was flushed, which it
 * knows from the index alone; it brings nothing in. Once an item was found to be lost with its
 * memory server, it goes round to look which others are.
 */
final class Crawler implements EntryVisitor {
  private final Items items;
  private long now;
  private long position;
  private long checked;

  /** Lost items that were known when this round began, and when the one before did. */
  private long lostBefore;

  private long lostAtStart;
  private boolean looksForLost;

  Crawler(Items items) {
    this.items = items;
  }

  /**
   * Goes on for a number of buckets. One thread at a time.
   *
   * @return items given back
   */
  synchronized int crawl(long buckets) {
    now = items.now();
    int removed = 0;
    for (long i = 0; i < buckets; i++) {
      if (position >= items.index.buckets()) {
        position = 0;
        beginRound();
      }
      removed += all(position++);
    }
    items.counters.count(StoreCounter.CRAWLER_ITEMS_CHECKED, checked);
    checked = 0;
    return removed;
  }

  private void beginRound() {
    lostBefore = lostAtStart;
    lostAtStart = items.lost.get();
    looksForLost = lostAtStart != lostBefore;
  }

  private int all(long bucket) {
    int removed = 0;
    for (int n = items.index.sweep(bucket, this); n > 0; n = items.index.sweep(bucket, this)) {
      removed += n;
    }
    return removed;
  }

  /** Goes round once. */
  synchronized int crawlAll() {
    return crawl(items.index.buckets());
  }

  @Override
  public int visit(long handle, int aux) {
    checked++;
    boolean goes =
        Aux.epoch(aux) != items.epoch
            || Aux.expired(aux, now)
            || (looksForLost && items.handles.isLost(handle));
    return goes ? REMOVE : Aux.aged(aux, now);
  }

  @Override
  public void removed(long handle, int aux) {
    boolean old = Aux.epoch(aux) != items.epoch || Aux.expired(aux, now);
    items.free(handle);
    if (!old) {
      items.lost.incrementAndGet();
      items.counters.count(StoreCounter.FAR_LOST_ITEMS);
      return;
    }
    items.counters.count(StoreCounter.RECLAIMED);
    items.counters.count(StoreCounter.CRAWLER_RECLAIMED);
    if (Aux.epoch(aux) == items.epoch && !Aux.fetched(aux)) {
      items.counters.count(StoreCounter.EXPIRED_UNFETCHED);
    }
  }
}
