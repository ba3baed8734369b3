package io.farheap.apps.memcached.store;

import io.farheap.DerefScope;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** Counting up and down, deleting, marking stale. */
final class Changes {
  /** Longest text of a number: longer ones cannot be counted. */
  private static final int MAX_DIGITS = 20;

  private final Items items;
  private final Writes writes;

  Changes(Items items, Writes writes) {
    this.items = items;
    this.writes = writes;
  }

  Outcome delta(ItemKey key, DeltaRequest request, ItemInfo info, long now, boolean mayWait) {
    info.clear();
    ReentrantLock lock = items.takeLock(key, mayWait);
    if (lock == null) {
      return Outcome.WOULD_WAIT;
    }
    Outcome outcome;
    try (DerefScope scope = key.lookup.enter(items.heap)) {
      outcome = items.find(scope, key, now, mayWait);
      if (outcome == Outcome.HIT) {
        outcome = count(key, request, info, now, mayWait);
      } else if (outcome == Outcome.MISS && request.vivifies) {
        outcome = begin(key, request, info, now, mayWait);
      }
    } finally {
      lock.unlock();
    }
    if (outcome == Outcome.WOULD_WAIT) {
      items.counters.count(StoreCounter.FAR_WOULD_WAIT);
    } else if (outcome == Outcome.HIT && !info.created) {
      items.counters.count(request.up ? StoreCounter.INCR_HITS : StoreCounter.DECR_HITS);
    } else if (outcome == Outcome.MISS || info.created) {
      items.counters.count(request.up ? StoreCounter.INCR_MISSES : StoreCounter.DECR_MISSES);
    }
    return outcome;
  }

  private Outcome count(
      ItemKey key, DeltaRequest request, ItemInfo info, long now, boolean mayWait) {
    Lookup old = key.lookup;
    int kind = ItemLayout.kind(old.head);
    int valueAt = ItemLayout.keyOffset(kind) + key.lengthBytes;
    int valueLength = (int) old.bytes.byteSize() - valueAt;
    if (valueLength == 0) {
      return Outcome.NOT_A_NUMBER;
    }
    if (request.casWanted != 0 && request.casWanted != ItemLayout.cas(old.bytes, old.head)) {
      return Outcome.EXISTS;
    }
    Numbers number = Numbers.parse(old.bytes, valueAt, valueLength);
    if (valueLength > MAX_DIGITS || !number.isValid()) {
      return Outcome.NOT_A_NUMBER;
    }
    long result = result(number.value(), request);
    byte[] text = Numbers.text(result);
    int digits = text.length;
    if (digits < valueLength) {
      // The item keeps its length, as memcached's does.
      text = Arrays.copyOf(text, valueLength);
      Arrays.fill(text, digits, valueLength, (byte) ' ');
    }
    long expiry =
        request.newExpirySeconds == DeltaRequest.NONE
            ? ItemLayout.expiry(old.bytes, kind)
            : request.newExpirySeconds;
    NewItem item =
        new NewItem(
                key,
                kind,
                (kind & ItemLayout.HAS_EXPIRY) != 0,
                request.casNew != 0 ? request.casNew : items.nextCas(),
                expiry,
                ItemLayout.clientFlags(old.bytes, kind),
                text.length)
            .from(MemorySegment.ofArray(text), 0, text.length);
    Outcome stored = writes.put(key, old.handle, item, info, now, mayWait);
    info.number = result;
    info.expirySeconds = expiry;
    return stored == Outcome.STORED ? Outcome.HIT : stored;
  }

  private static long result(long number, DeltaRequest request) {
    if (request.up) {
      return number + request.amount;
    }
    return Long.compareUnsigned(request.amount, number) > 0 ? 0 : number - request.amount;
  }

  private Outcome begin(
      ItemKey key, DeltaRequest request, ItemInfo info, long now, boolean mayWait) {
    byte[] text = Numbers.text(request.initial);
    NewItem item =
        new NewItem(
                key,
                request.binaryKey ? ItemLayout.BINARY_KEY : 0,
                false,
                request.casNew != 0 ? request.casNew : items.nextCas(),
                request.vivifyExpirySeconds,
                0,
                text.length)
            .from(MemorySegment.ofArray(text), 0, text.length);
    Outcome stored = writes.put(key, 0, item, info, now, mayWait);
    if (stored != Outcome.STORED) {
      return stored;
    }
    info.created = true;
    info.number = request.initial;
    info.expirySeconds = request.vivifyExpirySeconds;
    return Outcome.HIT;
  }

  Outcome delete(ItemKey key, DeleteRequest request, ItemInfo info, long now, boolean mayWait) {
    info.clear();
    ReentrantLock lock = items.takeLock(key, mayWait);
    if (lock == null) {
      return Outcome.WOULD_WAIT;
    }
    Outcome outcome;
    try (DerefScope scope = key.lookup.enter(items.heap)) {
      outcome = items.find(scope, key, now, mayWait);
      if (outcome == Outcome.HIT) {
        outcome = deleteFound(scope, key, request, info, now, mayWait);
      }
    } finally {
      lock.unlock();
    }
    switch (outcome) {
      case HIT -> items.counters.count(StoreCounter.DELETE_HITS);
      case MISS -> items.counters.count(StoreCounter.DELETE_MISSES);
      case WOULD_WAIT -> items.counters.count(StoreCounter.FAR_WOULD_WAIT);
      default -> {}
    }
    return outcome;
  }

  private Outcome deleteFound(
      DerefScope scope,
      ItemKey key,
      DeleteRequest request,
      ItemInfo info,
      long now,
      boolean mayWait) {
    Lookup found = key.lookup;
    long cas = ItemLayout.cas(found.bytes, found.head);
    info.cas = cas;
    if (request.casWanted != 0 && request.casWanted != cas) {
      return Outcome.EXISTS;
    }
    if (request.invalidate || request.dropValue) {
      return change(scope, key, request, info, now, mayWait);
    }
    if (items.index.remove(key.hash, found.handle)) {
      items.free(found.handle);
    }
    return Outcome.HIT;
  }

  /** Marks an item stale, or empties it, or both. */
  private Outcome change(
      DerefScope scope,
      ItemKey key,
      DeleteRequest request,
      ItemInfo info,
      long now,
      boolean mayWait) {
    Lookup found = key.lookup;
    MemorySegment old = found.bytes;
    int kind = ItemLayout.kind(found.head);
    long cas = request.casNew != 0 ? request.casNew : items.nextCas();
    long expiry = ItemLayout.expiry(old, kind);
    if (request.invalidate && request.newExpirySeconds != DeleteRequest.NONE) {
      expiry = request.newExpirySeconds;
    }
    int marks = request.invalidate ? (kind | ItemLayout.STALE) & ~ItemLayout.TOKEN_SENT : kind;
    boolean inPlace =
        !request.dropValue
            && (kind & ItemLayout.HAS_OWN_CAS) == 0
            && Long.compareUnsigned(cas, ItemLayout.MAX_CAS) <= 0
            && (expiry == 0 || (kind & ItemLayout.HAS_EXPIRY) != 0);
    if (inPlace) {
      MemorySegment item = items.handles.derefMut(scope, found.handle);
      if ((kind & ItemLayout.HAS_EXPIRY) != 0) {
        ItemLayout.setExpiry(item, expiry);
      }
      ItemLayout.setHead(item, ItemLayout.head(marks, key.lengthBytes, cas));
      int aux = Aux.withExpiry(found.aux, expiry, now);
      if (aux != found.aux) {
        boolean _ = found.cursor(items.index).updateAux(aux);
      }
      info.cas = cas;
      return Outcome.HIT;
    }
    int valueAt = ItemLayout.keyOffset(kind) + key.lengthBytes;
    int valueLength = request.dropValue ? 0 : (int) old.byteSize() - valueAt;
    NewItem item =
        new NewItem(
                key,
                marks,
                (kind & ItemLayout.HAS_EXPIRY) != 0,
                cas,
                expiry,
                request.dropValue ? 0 : ItemLayout.clientFlags(old, kind),
                valueLength)
            .from(old, valueAt, valueLength);
    Outcome stored = writes.put(key, found.handle, item, info, now, mayWait);
    return stored == Outcome.STORED ? Outcome.HIT : stored;
  }
}
