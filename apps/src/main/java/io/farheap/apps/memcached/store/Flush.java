package io.farheap.apps.memcached.store;

/**
 * Makes all items vanish at once, by raising the epoch that they must have. The epoch has few
 * values, so one is used again only after the crawler has taken out what had it before.
 */
final class Flush {
  private static final long NEVER = Long.MAX_VALUE;

  private final Items items;
  private final Crawler crawler;

  /** Flushes since the crawler last went all round. */
  private int uncrawled;

  private volatile long dueSeconds = NEVER;

  Flush(Items items, Crawler crawler) {
    this.items = items;
    this.crawler = crawler;
  }

  synchronized void at(long atSeconds) {
    if (atSeconds <= items.now()) {
      dueSeconds = NEVER;
      now();
    } else {
      dueSeconds = atSeconds;
    }
  }

  /** Does a flush that has become due; asked at the begin of every operation. */
  void poll(long now) {
    if (now >= dueSeconds) {
      due(now);
    }
  }

  private synchronized void due(long now) {
    if (now >= dueSeconds) {
      dueSeconds = NEVER;
      now();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under this object's lock
  private void now() {
    if (uncrawled == Aux.EPOCHS - 2) {
      crawler.crawlAll();
      uncrawled = 0;
    }
    uncrawled++;
    items.epoch = (items.epoch + 1) & (Aux.EPOCHS - 1);
  }
}
