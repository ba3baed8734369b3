package io.farheap.apps.memcached.store;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.error.FarAccessException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.error.StaleHandleException;
import io.farheap.index.HashIndex;
import io.farheap.index.IndexCursor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The items that there are: the index, the heap, and the rules by which items come and go.
 *
 * <p>An item is in the index or it is gone. Whoever takes its handle out of the index, or puts
 * another in its place, frees it, and nobody else does. Changes of a key hold its lock; eviction,
 * expiry and flushing only take items out, and need none.
 */
final class Items {
  private static final int LOCKS = 4096;
  private static final int LOCK_SHIFT = 40;

  /** How often a lock is tried by who may not wait for it. */
  private static final int TRIES = 16;

  final FarHeap heap;
  final Handles handles;
  final HashIndex index;
  final Counters counters = new Counters();
  final int maxItemBytes;
  private final LongSupplier clockSeconds;
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
  private final LongAdder bytes = new LongAdder();
  private final AtomicLong lastCas = new AtomicLong();

  /** Items that were found to be lost, ever: where one is, there are more. */
  final AtomicLong lost = new AtomicLong();

  /** What items must have to be there; see {@link Aux}. Changed by {@link Flush}. */
  volatile int epoch;

  Items(FarHeap heap, HashIndex index, int maxItemBytes, LongSupplier clockSeconds) {
    this.heap = heap;
    this.handles = heap.handles();
    this.index = index;
    this.maxItemBytes = maxItemBytes;
    this.clockSeconds = clockSeconds;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  long now() {
    return clockSeconds.getAsLong();
  }

  long bytes() {
    return bytes.sum();
  }

  long nextCas() {
    return lastCas.incrementAndGet();
  }

  /**
   * Takes the lock of a key.
   *
   * @return what to unlock; null, which is counted, if that would mean to wait and waiting is not
   *     allowed
   */
  ReentrantLock takeLock(ItemKey key, boolean mayWait) {
    ReentrantLock lock = locks[(int) (key.hash >>> LOCK_SHIFT) & (LOCKS - 1)];
    if (mayWait) {
      lock.lock();
      return lock;
    }
    for (int i = 0; i < TRIES; i++) {
      if (lock.tryLock()) {
        return lock;
      }
      Thread.onSpinWait();
    }
    counters.count(StoreCounter.FAR_WOULD_WAIT);
    return null;
  }

  /**
   * Finds the item of a key, to be changed or removed. Drops items that are flushed, lost or have
   * expired.
   *
   * @return HIT, and the lookup has the item; MISS, WOULD_WAIT, UNAVAILABLE
   */
  Outcome find(DerefScope scope, ItemKey key, long now, boolean mayWait) {
    Lookup lookup = key.lookup;
    lookup.forget();
    IndexCursor cursor = lookup.cursor(index);
    long h = cursor.first(key.hash);
    while (h != 0) {
      int aux = cursor.aux();
      if (Aux.epoch(aux) != epoch) {
        boolean _ = dropFlushed(key.hash, h, aux);
        h = cursor.next();
        continue;
      }
      MemorySegment item;
      try {
        item = mayWait ? handles.deref(scope, h) : handles.derefNow(scope, h);
      } catch (RuntimeException e) {
        Outcome failure = failed(e, key.hash, h);
        if (failure != Outcome.MISS) {
          return failure;
        }
        h = cursor.first(key.hash); // another one may be in its place
        continue;
      }
      if (item == null) {
        return Outcome.WOULD_WAIT;
      }
      long head = ItemLayout.head(item);
      if (!ItemLayout.hasKey(item, head, key)) {
        counters.count(StoreCounter.FAR_FALSE_CANDIDATES);
        h = cursor.next();
        continue;
      }
      if (expired(ItemLayout.expiry(item, ItemLayout.kind(head)), now)) {
        dropExpired(key.hash, h, aux);
        return Outcome.MISS;
      }
      lookup.handle = h;
      lookup.bytes = item;
      lookup.head = head;
      lookup.aux = aux;
      return Outcome.HIT;
    }
    return Outcome.MISS;
  }

  static boolean expired(long expirySeconds, long now) {
    return expirySeconds != 0 && expirySeconds <= now;
  }

  /**
   * What an item that could not be had means: one that was removed meanwhile is passed over, one
   * that is lost is dropped, and one that may come back fails the operation.
   *
   * @return MISS to go on, or UNAVAILABLE
   */
  Outcome failed(RuntimeException e, long hash, long handle) {
    if (e instanceof StaleHandleException) {
      return Outcome.MISS;
    }
    if (e instanceof FarAccessException far && !far.isRetryable()) {
      if (drop(hash, handle, StoreCounter.FAR_LOST_ITEMS)) {
        lost.incrementAndGet();
      }
      return Outcome.MISS;
    }
    if (e instanceof FarAccessException || e instanceof OutOfLocalMemoryException) {
      counters.count(StoreCounter.FAR_UNAVAILABLE);
      return Outcome.UNAVAILABLE;
    }
    throw e;
  }

  /** Takes an item out, for a reason that is counted; does nothing if somebody else was first. */
  boolean drop(long hash, long handle, StoreCounter reason) {
    if (!index.remove(hash, handle)) {
      return false;
    }
    free(handle);
    counters.count(reason);
    return true;
  }

  /** As {@link #drop}; what looks flushed may be new, if it was replaced a moment ago. */
  boolean dropFlushed(long hash, long handle, int aux) {
    if (!index.remove(hash, handle, aux)) {
      return false;
    }
    free(handle);
    counters.count(StoreCounter.RECLAIMED);
    return true;
  }

  void dropExpired(long hash, long handle, int aux) {
    if (drop(hash, handle, StoreCounter.RECLAIMED) && !Aux.fetched(aux)) {
      counters.count(StoreCounter.EXPIRED_UNFETCHED);
    }
  }

  /** Frees an item that the caller took out of the index. */
  void free(long handle) {
    bytes.add(-FarHeap.footprintBytes(handles.lengthBytes(handle)));
    handles.free(handle);
  }

  /** Enters a new item, in the place of an old one or of none. The lock of the key is held. */
  void enter(long hash, long oldHandle, long newHandle, long lengthBytes, int aux) {
    if (oldHandle == 0 || !index.replace(hash, oldHandle, newHandle, aux)) {
      index.insert(hash, newHandle, aux);
    } else {
      free(oldHandle);
    }
    bytes.add(FarHeap.footprintBytes(lengthBytes));
    counters.count(StoreCounter.TOTAL_ITEMS);
  }
}
