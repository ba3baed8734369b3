package io.farheap.apps.memcached.store;

import io.farheap.DerefScope;
import io.farheap.index.IndexCursor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/** Gets, and gets that change the item a little: its expiry, or who may renew it. */
final class Reads {
  private final Items items;
  private final Writes writes;

  Reads(Items items, Writes writes) {
    this.items = items;
    this.writes = writes;
  }

  Outcome get(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, long now, boolean mayWait) {
    info.clear();
    if (request.changesItem()) {
      return getAndChange(key, request, sink, info, now, mayWait);
    }
    Outcome outcome = getPlain(key, request, sink, info, now, mayWait);
    if (request.takesToken && outcome == Outcome.HIT && info.stale && !info.tokenSent) {
      info.clear();
      return getAndChange(key, request, sink, info, now, mayWait);
    }
    return outcome;
  }

  /**
   * Without a lock. It looks the item up itself: {@link Items#find} leaves the item's segment
   * behind in the lookup, and a segment that anybody keeps is an allocation for each hit.
   */
  private Outcome getPlain(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, long now, boolean mayWait) {
    try (DerefScope scope = key.lookup.enter(items.heap)) {
      IndexCursor cursor = key.lookup.cursor(items.index);
      long h = cursor.first(key.hash);
      while (h != 0) {
        int aux = cursor.aux();
        if (Aux.epoch(aux) != items.epoch) {
          flushed(key, h, aux);
          h = cursor.next();
          continue;
        }
        MemorySegment item;
        try {
          item = mayWait ? items.handles.deref(scope, h) : items.handles.derefNow(scope, h);
        } catch (RuntimeException e) {
          Outcome failure = items.failed(e, key.hash, h);
          if (failure != Outcome.MISS) {
            return failure;
          }
          h = cursor.first(key.hash); // another one may be in its place
          continue;
        }
        if (item == null) {
          items.counters.count(StoreCounter.FAR_WOULD_WAIT);
          return Outcome.WOULD_WAIT;
        }
        long head = ItemLayout.head(item);
        if (!ItemLayout.hasKey(item, head, key)) {
          items.counters.count(StoreCounter.FAR_FALSE_CANDIDATES);
          h = cursor.next();
          continue;
        }
        int kind = ItemLayout.kind(head);
        long expirySeconds = ItemLayout.expiry(item, kind);
        if (Items.expired(expirySeconds, now)) {
          items.dropExpired(key.hash, h, aux);
          items.counters.count(StoreCounter.GET_EXPIRED);
          break;
        }
        describe(info, item, head, aux, now);
        if (request.takesToken && info.stale && !info.tokenSent) {
          return Outcome.HIT; // again, with the lock
        }
        hand(item, sink, info);
        if (!request.noBump) {
          int used = Aux.used(aux, now);
          if (used != aux) {
            boolean _ = cursor.updateAux(used);
          }
        }
        countPlain(request, sink, StoreCounter.GET_HITS);
        return Outcome.HIT;
      }
    }
    countPlain(request, sink, StoreCounter.GET_MISSES);
    return Outcome.MISS;
  }

  private void countPlain(GetRequest request, ItemSink sink, StoreCounter counter) {
    if (sink != null || !request.noBump) {
      items.counters.count(counter);
    }
  }

  private void flushed(ItemKey key, long handle, int aux) {
    if (items.dropFlushed(key.hash, handle, aux)) {
      items.counters.count(StoreCounter.GET_FLUSHED);
    }
  }

  static void describe(ItemInfo info, MemorySegment item, long head, int aux, long now) {
    int kind = ItemLayout.kind(head);
    info.clientFlags = ItemLayout.clientFlags(item, kind);
    info.cas = ItemLayout.cas(item, head);
    info.expirySeconds = ItemLayout.expiry(item, kind);
    info.lastAccessSeconds = now - Aux.idleSeconds(aux, now);
    info.keyLengthBytes = ItemLayout.keyLength(head);
    info.valueLengthBytes =
        (int) item.byteSize() - ItemLayout.keyOffset(kind) - info.keyLengthBytes;
    info.fetchedBefore = Aux.fetched(aux);
    info.stale = (kind & ItemLayout.STALE) != 0;
    info.tokenSent = (kind & ItemLayout.TOKEN_SENT) != 0;
    info.binaryKey = (kind & ItemLayout.BINARY_KEY) != 0;
  }

  private static void hand(MemorySegment item, ItemSink sink, ItemInfo info) {
    if (sink == null) {
      return;
    }
    info.target = null;
    sink.found(info);
    if (info.target != null) {
      MemorySegment.copy(
          item,
          item.byteSize() - info.valueLengthBytes,
          info.target,
          info.targetOffset,
          info.valueLengthBytes);
      info.target = null;
    }
  }

  private Outcome getAndChange(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, long now, boolean mayWait) {
    ReentrantLock lock = items.takeLock(key, mayWait);
    if (lock == null) {
      return Outcome.WOULD_WAIT;
    }
    Outcome outcome;
    try (DerefScope scope = key.lookup.enter(items.heap)) {
      outcome = items.find(scope, key, now, mayWait);
      if (outcome == Outcome.HIT) {
        outcome = change(scope, key, request, sink, info, now, mayWait);
      } else if (outcome == Outcome.MISS && request.vivifyExpirySeconds != GetRequest.NONE) {
        outcome = vivify(key, request, sink, info, now, mayWait);
      }
    } finally {
      lock.unlock();
    }
    count(request, sink, outcome == Outcome.HIT && info.created ? Outcome.MISS : outcome);
    return outcome;
  }

  private void count(GetRequest request, ItemSink sink, Outcome outcome) {
    if (outcome == Outcome.WOULD_WAIT) {
      items.counters.count(StoreCounter.FAR_WOULD_WAIT);
    } else if (request.touches) {
      items.counters.count(StoreCounter.CMD_TOUCH);
      items.counters.count(
          outcome == Outcome.HIT ? StoreCounter.TOUCH_HITS : StoreCounter.TOUCH_MISSES);
      if (sink != null) {
        items.counters.count(StoreCounter.CMD_GET);
      }
    } else {
      items.counters.count(
          outcome == Outcome.HIT ? StoreCounter.GET_HITS : StoreCounter.GET_MISSES);
    }
  }

  /** Changes an item that was found, and hands it out. */
  private Outcome change(
      DerefScope scope,
      ItemKey key,
      GetRequest request,
      ItemSink sink,
      ItemInfo info,
      long now,
      boolean mayWait) {
    Lookup found = key.lookup;
    MemorySegment item = found.bytes;
    int aux = found.aux;
    describe(info, item, found.head, aux, now);
    int kind = ItemLayout.kind(found.head);
    boolean wins =
        request.takesToken
            && !info.tokenSent
            && (info.stale
                || (request.recacheBelowSeconds != GetRequest.NONE
                    && info.expirySeconds != 0
                    && info.expirySeconds < now + request.recacheBelowSeconds));
    long head = wins ? found.head | ItemLayout.TOKEN_SENT : found.head;
    long expiry = request.newExpirySeconds;
    if (expiry != GetRequest.NONE && (kind & ItemLayout.HAS_EXPIRY) == 0 && expiry != 0) {
      // The item has no place for an expiry, so it becomes another one.
      Outcome stored = writes.copyWithExpiry(key, head, expiry, info, now, mayWait);
      if (stored != Outcome.STORED) {
        return stored;
      }
    } else if (wins || expiry != GetRequest.NONE) {
      MemorySegment mutable = items.handles.derefMut(scope, found.handle);
      if (wins) {
        ItemLayout.setHead(mutable, head);
      }
      if (expiry != GetRequest.NONE && (kind & ItemLayout.HAS_EXPIRY) != 0) {
        ItemLayout.setExpiry(mutable, expiry);
        aux = Aux.withExpiry(aux, expiry, now);
      }
    }
    if (expiry != GetRequest.NONE) {
      info.expirySeconds = expiry;
    }
    info.won = wins;
    hand(item, sink, info);
    int used = request.noBump ? aux : Aux.used(aux, now);
    if (used != found.aux) {
      boolean _ = found.cursor(items.index).updateAux(used);
    }
    return Outcome.HIT;
  }

  private Outcome vivify(
      ItemKey key, GetRequest request, ItemSink sink, ItemInfo info, long now, boolean mayWait) {
    Outcome stored =
        writes.storeEmpty(key, request.vivifyExpirySeconds, request.binaryKey, info, now, mayWait);
    if (stored != Outcome.STORED) {
      return stored;
    }
    info.created = true;
    info.won = true;
    info.expirySeconds = request.vivifyExpirySeconds;
    info.lastAccessSeconds = now;
    info.keyLengthBytes = key.lengthBytes;
    info.binaryKey = request.binaryKey;
    hand(MemorySegment.NULL, sink, info);
    return Outcome.HIT;
  }
}
