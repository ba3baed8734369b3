package io.farheap.apps.memcached.store;

import io.farheap.index.EntryVisitor;

/**
 * Goes round the index in the background and gives back what has expired or was flushed. It knows
 * from the index alone, and brings nothing in.
 */
final class Crawler implements EntryVisitor {
  private final Items items;
  private long now;
  private long position;
  private long checked;

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
      }
      removed += all(position++);
    }
    items.counters.count(StoreCounter.CRAWLER_ITEMS_CHECKED, checked);
    checked = 0;
    return removed;
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
    return Aux.epoch(aux) != items.epoch || Aux.expired(aux, now) ? REMOVE : Aux.aged(aux, now);
  }

  @Override
  public void removed(long handle, int aux) {
    items.free(handle);
    items.counters.count(StoreCounter.RECLAIMED);
    items.counters.count(StoreCounter.CRAWLER_RECLAIMED);
    if (Aux.epoch(aux) == items.epoch && !Aux.fetched(aux)) {
      items.counters.count(StoreCounter.EXPIRED_UNFETCHED);
    }
  }
}
