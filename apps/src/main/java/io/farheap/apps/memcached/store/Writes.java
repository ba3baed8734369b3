package io.farheap.apps.memcached.store;

import io.farheap.DerefScope;
import io.farheap.error.FarAccessException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.OutOfLocalMemoryException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/** Sets of all kinds, and how a new item takes an old one's place. */
final class Writes {
  /** How often an allocation tries again after it evicted, since the heap was full. */
  private static final int TRIES = 16;

  private final Items items;
  private final Eviction eviction;

  Writes(Items items, Eviction eviction) {
    this.items = items;
    this.eviction = eviction;
  }

  Outcome set(ItemKey key, SetRequest request, ItemInfo info, long now, boolean mayWait) {
    info.clear();
    ReentrantLock lock = items.takeLock(key, mayWait);
    if (lock == null) {
      return Outcome.WOULD_WAIT;
    }
    Outcome outcome;
    try (DerefScope scope = key.lookup.enter(items.heap)) {
      outcome =
          request.mode == SetMode.SET && !request.hasCas
              ? setAlways(scope, key, request, info, now, mayWait)
              : setChecked(scope, key, request, info, now, mayWait);
    } finally {
      lock.unlock();
    }
    count(request, outcome);
    return outcome;
  }

  private void count(SetRequest request, Outcome outcome) {
    if (outcome == Outcome.WOULD_WAIT) {
      items.counters.count(StoreCounter.FAR_WOULD_WAIT);
      return;
    }
    items.counters.count(StoreCounter.CMD_SET);
    if (!request.hasCas || request.mode == SetMode.ADD) {
      return;
    }
    switch (outcome) {
      case STORED -> items.counters.count(StoreCounter.CAS_HITS);
      case EXISTS -> items.counters.count(StoreCounter.CAS_BADVAL);
      case MISS -> items.counters.count(StoreCounter.CAS_MISSES);
      default -> {}
    }
  }

  /**
   * Stores over whatever there is. An old item that is far is brought in to compare its key: others
   * may have the same bits of hash, and no item goes for another one's sake.
   */
  private Outcome setAlways(
      DerefScope scope, ItemKey key, SetRequest request, ItemInfo info, long now, boolean mayWait) {
    Outcome found = items.find(scope, key, now, mayWait);
    if (found != Outcome.HIT && found != Outcome.MISS) {
      return found;
    }
    long old = found == Outcome.HIT ? key.lookup.handle : 0;
    NewItem item = newItem(key, request, 0, request.expirySeconds, request.clientFlags);
    Outcome outcome = put(key, old, item, info, now, mayWait);
    boolean refused = outcome != Outcome.STORED && outcome != Outcome.WOULD_WAIT;
    // What could not be stored must not leave an older value behind.
    if (refused && old != 0 && items.index.remove(key.hash, old)) {
      items.free(old);
    }
    return outcome;
  }

  private NewItem newItem(
      ItemKey key, SetRequest request, int marks, long expirySeconds, int clientFlags) {
    return new NewItem(
            key,
            marks | (request.binaryKey ? ItemLayout.BINARY_KEY : 0),
            false,
            request.casNew != 0 ? request.casNew : items.nextCas(),
            expirySeconds,
            clientFlags,
            request.valueLengthBytes)
        .from(request.value, request.valueOffset, request.valueLengthBytes);
  }

  private Outcome setChecked(
      DerefScope scope, ItemKey key, SetRequest request, ItemInfo info, long now, boolean mayWait) {
    Outcome found = items.find(scope, key, now, mayWait);
    if (found == Outcome.MISS) {
      return setAbsent(key, request, info, now, mayWait);
    }
    return found == Outcome.HIT ? setOver(key, request, info, now, mayWait) : found;
  }

  private Outcome setAbsent(
      ItemKey key, SetRequest request, ItemInfo info, long now, boolean mayWait) {
    boolean joins = request.mode == SetMode.APPEND || request.mode == SetMode.PREPEND;
    boolean vivifies = joins && request.vivifyExpirySeconds != SetRequest.NONE;
    if (request.mode != SetMode.ADD && !vivifies) {
      return request.hasCas && !joins ? Outcome.MISS : Outcome.NOT_STORED;
    }
    long expiry = vivifies ? request.vivifyExpirySeconds : request.expirySeconds;
    info.created = true;
    return put(key, 0, newItem(key, request, 0, expiry, request.clientFlags), info, now, mayWait);
  }

  private Outcome setOver(
      ItemKey key, SetRequest request, ItemInfo info, long now, boolean mayWait) {
    Lookup old = key.lookup;
    if (request.mode == SetMode.ADD) {
      boolean _ = old.cursor(items.index).updateAux(Aux.used(old.aux, now));
      return Outcome.NOT_STORED;
    }
    boolean joins = request.mode == SetMode.APPEND || request.mode == SetMode.PREPEND;
    int kind = ItemLayout.kind(old.head);
    long oldExpiry = ItemLayout.expiry(old.bytes, kind);
    int marks = 0;
    long expiry = request.expirySeconds;
    if (request.hasCas) {
      long cas = ItemLayout.cas(old.bytes, old.head);
      if (cas != request.casWanted) {
        if (joins || !request.invalidate || Long.compareUnsigned(request.casWanted, cas) > 0) {
          return Outcome.EXISTS;
        }
        marks = ItemLayout.STALE | (kind & ItemLayout.TOKEN_SENT);
        expiry = oldExpiry;
      }
    }
    NewItem item =
        joins
            ? joined(key, request, kind, oldExpiry)
            : newItem(key, request, marks, expiry, request.clientFlags);
    return put(key, old.handle, item, info, now, mayWait);
  }

  /** The old value and the new one together, as an item like the old one. */
  private NewItem joined(ItemKey key, SetRequest request, int kind, long expiry) {
    MemorySegment old = key.lookup.bytes;
    int valueAt = ItemLayout.keyOffset(kind) + key.lengthBytes;
    int oldLength = (int) old.byteSize() - valueAt;
    NewItem item =
        new NewItem(
            key,
            kind & ItemLayout.BINARY_KEY,
            (kind & ItemLayout.HAS_EXPIRY) != 0,
            request.casNew != 0 ? request.casNew : items.nextCas(),
            expiry,
            ItemLayout.clientFlags(old, kind),
            Math.addExact(oldLength, request.valueLengthBytes));
    return request.mode == SetMode.APPEND
        ? item.from(old, valueAt, oldLength)
            .then(request.value, request.valueOffset, request.valueLengthBytes)
        : item.from(request.value, request.valueOffset, request.valueLengthBytes)
            .then(old, valueAt, oldLength);
  }

  /** Stores an empty item where there is none; the lock of the key is held. */
  Outcome storeEmpty(
      ItemKey key,
      long expirySeconds,
      boolean binaryKey,
      ItemInfo info,
      long now,
      boolean mayWait) {
    int marks = ItemLayout.TOKEN_SENT | (binaryKey ? ItemLayout.BINARY_KEY : 0);
    NewItem item = new NewItem(key, marks, false, items.nextCas(), expirySeconds, 0, 0);
    return put(key, 0, item, info, now, mayWait);
  }

  /** Makes the item that was found one that expires; the lock of the key is held. */
  Outcome copyWithExpiry(
      ItemKey key, long head, long expirySeconds, ItemInfo info, long now, boolean mayWait) {
    Lookup old = key.lookup;
    int kind = ItemLayout.kind(head);
    int valueAt = ItemLayout.keyOffset(kind) + key.lengthBytes;
    int valueLength = (int) old.bytes.byteSize() - valueAt;
    NewItem item =
        new NewItem(
                key,
                kind,
                true,
                ItemLayout.cas(old.bytes, head),
                expirySeconds,
                ItemLayout.clientFlags(old.bytes, kind),
                valueLength)
            .from(old.bytes, valueAt, valueLength);
    Outcome outcome = allocate(key, item, mayWait);
    if (outcome == Outcome.STORED) {
      int aux = Aux.withExpiry(Aux.used(old.aux, now), expirySeconds, now);
      items.enter(key.hash, old.handle, old.newHandle, item.lengthBytes(), aux);
    }
    return outcome;
  }

  /**
   * Allocates an item and enters it in the place of another or of none; the lock of the key is
   * held.
   *
   * @return STORED, TOO_LARGE, NO_MEMORY, UNAVAILABLE, WOULD_WAIT
   */
  Outcome put(ItemKey key, long oldHandle, NewItem item, ItemInfo info, long now, boolean mayWait) {
    Outcome outcome = allocate(key, item, mayWait);
    if (outcome == Outcome.STORED) {
      int aux = Aux.of(items.epoch, item.expirySeconds(), now);
      items.enter(key.hash, oldHandle, key.lookup.newHandle, item.lengthBytes(), aux);
      info.cas = item.cas();
    }
    return outcome;
  }

  private Outcome allocate(ItemKey key, NewItem item, boolean mayWait) {
    long lengthBytes = item.lengthBytes();
    if (lengthBytes > items.maxItemBytes) {
      items.counters.count(StoreCounter.STORE_TOO_LARGE);
      return Outcome.TOO_LARGE;
    }
    for (int i = 0; i < TRIES; i++) {
      if (eviction.over(lengthBytes)) {
        if (!eviction.allowed()) {
          break;
        }
        int _ = eviction.makeRoom(lengthBytes);
      }
      try {
        key.lookup.newHandle =
            mayWait
                ? items.handles.allocate(lengthBytes, item)
                : items.handles.allocateNow(lengthBytes, item);
        return key.lookup.newHandle == 0 ? Outcome.WOULD_WAIT : Outcome.STORED;
      } catch (OutOfFarMemoryException e) {
        if (!eviction.allowed() || eviction.heapFull(lengthBytes) == 0) {
          break;
        }
      } catch (OutOfLocalMemoryException e) {
        break;
      } catch (FarAccessException e) {
        items.counters.count(StoreCounter.FAR_UNAVAILABLE);
        return Outcome.UNAVAILABLE;
      }
    }
    items.counters.count(StoreCounter.STORE_NO_MEMORY);
    return Outcome.NO_MEMORY;
  }
}
