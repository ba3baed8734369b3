package io.farheap.apps.memcached.store;

import io.farheap.FarHeap;
import io.farheap.error.StaleHandleException;
import io.farheap.index.EntryVisitor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes room. A clock hand goes round the buckets of the index and sorts items by what it finds: an
 * item that was used since the last round is WARM, one that was not becomes COLD, and a COLD one
 * goes. So a new item has two rounds to be used, and one that was used has three; this stands in
 * for memcached's three queues, and takes a few bits of the index and nothing else.
 */
final class Eviction implements EntryVisitor {
  /** Rounds after which every item that can go has gone. */
  private static final int ROUNDS = 4;

  private final Items items;
  private final long limitBytes;
  private final boolean allowed;
  private final AtomicLong hand = new AtomicLong();

  /** What the heap was found to hold, less a little; rises again slowly. */
  private volatile long softLimitBytes;

  Eviction(Items items, long limitBytes, boolean allowed) {
    this.items = items;
    this.limitBytes = limitBytes;
    this.softLimitBytes = limitBytes;
    this.allowed = allowed;
  }

  boolean allowed() {
    return allowed;
  }

  long limitBytes() {
    return limitBytes;
  }

  /** Whether there is more than the limit. */
  boolean over() {
    return items.bytes() > softLimitBytes;
  }

  /** Whether an item of a size has no place below the limit. */
  boolean over(long lengthBytes) {
    return items.bytes() + FarHeap.footprintBytes(lengthBytes) > softLimitBytes;
  }

  /** Evicts until an item of a size has room below the limit, or nothing is left. */
  int makeRoom(long lengthBytes) {
    long target = softLimitBytes - FarHeap.footprintBytes(lengthBytes);
    return items.bytes() > target ? evictTo(target) : 0;
  }

  /** The heap is full though the limit was kept: keeps to less from here on. */
  int heapFull(long lengthBytes) {
    long bytes = items.bytes();
    long lower = Math.min(softLimitBytes, bytes) - Math.max(bytes / 64, 4 * lengthBytes);
    softLimitBytes = Math.max(lower, limitBytes / 8);
    return evictTo(softLimitBytes);
  }

  /** Tries whether the heap holds more by now. Called once a second or so. */
  void recover() {
    softLimitBytes = Math.min(limitBytes, softLimitBytes + limitBytes / 1024);
  }

  private int evictTo(long targetBytes) {
    int evicted = 0;
    long most = ROUNDS * items.index.buckets();
    for (long i = 0; i < most && items.bytes() > targetBytes; i++) {
      evicted += sweepNext();
    }
    return evicted;
  }

  private int sweepNext() {
    return items.index.sweep(hand.getAndIncrement() % items.index.buckets(), this);
  }

  @Override
  public int visit(long handle, int aux) {
    if (Aux.epoch(aux) != items.epoch) {
      return REMOVE;
    }
    if (Aux.active(aux)) {
      return Aux.withQueue(aux, Aux.WARM);
    }
    return Aux.queue(aux) == Aux.COLD ? REMOVE : Aux.withQueue(aux, Aux.COLD);
  }

  @Override
  public void removed(long handle, int aux) {
    boolean flushed = Aux.epoch(aux) != items.epoch;
    try {
      items.free(handle);
    } catch (StaleHandleException e) {
      throw new IllegalStateException("an item of the index was freed by somebody else", e);
    }
    items.counters.count(flushed ? StoreCounter.RECLAIMED : StoreCounter.EVICTIONS);
    if (!flushed && !Aux.fetched(aux)) {
      items.counters.count(StoreCounter.EVICTED_UNFETCHED);
    }
  }
}
