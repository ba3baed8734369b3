package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pointer records: two words per object, {@link PlaceWord} and {@link OwnerWord}.
 *
 * <p>Rules, in the order in which they matter:
 *
 * <ul>
 *   <li>A reader loads the place before the owner word, both with acquire, and compares the
 *       generation; a free raises the generation only after the place is gone.
 *   <li>The place changes by compare-and-set only, and every change raises its version. Publishing
 *       is a release store, which pairs with the reader's acquire: who sees the place sees the
 *       bytes.
 *   <li>Owners go 0 → 1 by allocation only.
 *   <li>A record whose generation is used up is never given out again.
 * </ul>
 *
 * <p>Free records form one list per stripe, threaded through their own owner words.
 */
public final class RecordTable {
  static final int RECORD_SHIFT = 4;

  /** Bytes of a record. */
  public static final int RECORD_BYTES = 1 << RECORD_SHIFT;

  /** Byte offset of the owner word in a record; the place word is at 0. */
  public static final int OWNER_OFFSET = Long.BYTES;

  private static final int CHUNK = 256;
  private static final long END_OF_LIST = 0;

  private final NativeRegion region;
  private final long base;
  private final long capacity;
  private final Stripe[] stripes;
  private final AtomicLong nextChunk = new AtomicLong();

  /** A list of free records behind a lock that is never held while waiting for anything. */
  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock, looked at without it. */
    volatile long freeHead = END_OF_LIST;

    long next;
    long limit;

    /** Records given out less records given back here; only the sum over all stripes means much. */
    long live;

    long retired;
  }

  /**
   * An empty table.
   *
   * @param capacity most records; only touched ones take memory
   * @param stripes number of free lists, a power of two
   */
  public RecordTable(long capacity, int stripes) {
    this.capacity = (capacity + CHUNK - 1) / CHUNK * CHUNK;
    this.region = NativeRegion.reserve(this.capacity * RECORD_BYTES, true);
    this.base = region.rawAddress();
    this.stripes = new Stripe[stripes];
    for (int i = 0; i < stripes; i++) {
      this.stripes[i] = new Stripe();
    }
  }

  /** The memory of the records, record 0's first. */
  public NativeRegion region() {
    return region;
  }

  /** Number of records that there can be; every index is below it. */
  public long capacity() {
    return capacity;
  }

  /** Loads the place word with acquire. */
  public long loadPlace(long index) {
    return NativeMemory.getLongAcquire(placeAddress(index));
  }

  /** Loads the owner word with acquire. */
  public long loadOwner(long index) {
    return NativeMemory.getLongAcquire(ownerAddress(index));
  }

  /**
   * Size of an object's body in bytes, as its record says it.
   *
   * @param placeWord the record's first word, loaded before
   * @return -1 if the object moved or died since
   */
  public int sizeAt(long index, long placeWord) {
    long owner = loadOwner(index); // changes only after the place was taken away
    return PlaceWord.same(loadPlace(index), placeWord) ? OwnerWord.size(owner) : -1;
  }

  private long placeAddress(long index) {
    return base + (index << RECORD_SHIFT);
  }

  private long ownerAddress(long index) {
    return base + (index << RECORD_SHIFT) + OWNER_OFFSET;
  }

  /**
   * Takes a record for a new object with one owner; its place is still none.
   *
   * @param hint chooses the stripe
   * @param bodyBytes size of the object's body
   * @return its handle, or {@link Handle#NULL} if every record is in use
   */
  public long allocate(long hint, int bodyBytes) {
    Stripe own = stripe(hint);
    long index = takeFree(own);
    // What others freed comes before fresh records, or an allocating thread beside a freeing one
    // would use the table up.
    for (int i = 0; index == END_OF_LIST && i < stripes.length; i++) {
      index = takeFree(stripes[i]);
    }
    if (index == END_OF_LIST) {
      index = takeFresh(own);
    }
    if (index == END_OF_LIST) {
      return Handle.NULL;
    }
    long generation = Math.max(1, OwnerWord.generation(loadOwner(index)));
    NativeMemory.putLongRelease(ownerAddress(index), OwnerWord.live(generation, 1, bodyBytes));
    return Handle.of(index, generation);
  }

  private long takeFree(Stripe stripe) {
    if (stripe.freeHead == END_OF_LIST) {
      return END_OF_LIST;
    }
    stripe.lock.lock();
    try {
      long index = stripe.freeHead;
      if (index != END_OF_LIST) {
        stripe.freeHead = OwnerWord.nextFree(loadOwner(index));
        stripe.live++;
      }
      return index;
    } finally {
      stripe.lock.unlock();
    }
  }

  private long takeFresh(Stripe stripe) {
    stripe.lock.lock();
    try {
      if (stripe.next == stripe.limit) {
        long first = nextChunk.getAndAdd(CHUNK);
        if (first >= capacity) {
          nextChunk.addAndGet(-CHUNK);
          return END_OF_LIST;
        }
        stripe.next = Math.max(1, first);
        stripe.limit = first + CHUNK;
      }
      stripe.live++;
      return stripe.next++;
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Makes a new object reachable: the place of a record that {@link #allocate} gave out. */
  public void publish(long index, long farAddress, boolean access) {
    long address = placeAddress(index);
    long previous = NativeMemory.getLongAcquire(address);
    NativeMemory.putLongRelease(address, PlaceWord.next(previous, farAddress, access));
  }

  /**
   * Installs another place for an object.
   *
   * @param seen the place word on which the copy was made
   * @return whether this caller won; a difference in the access bit alone does not lose
   */
  public boolean relocate(long index, long seen, long farAddress, boolean access) {
    long address = placeAddress(index);
    long expected = seen;
    while (true) {
      if (NativeMemory.compareAndSetLong(
          address, expected, PlaceWord.next(expected, farAddress, access))) {
        return true;
      }
      long now = NativeMemory.getLongAcquire(address);
      if (!PlaceWord.same(now, seen)) {
        return false;
      }
      expected = now;
    }
  }

  /** Sets the access bit, once the cards are marked; one attempt, losing is harmless. */
  public void setAccess(long index, long seen) {
    NativeMemory.compareAndSetLong(placeAddress(index), seen, PlaceWord.withAccess(seen));
  }

  /** Clears the access bit if the object is still where it was seen; losing is harmless. */
  public void clearAccess(long index, long seen) {
    NativeMemory.compareAndSetLong(placeAddress(index), seen, PlaceWord.withoutAccess(seen));
  }

  /**
   * Adds an owner.
   *
   * @return the new count; 0 if the handle is stale; -1 if the count would overflow
   */
  public int addOwner(long handle) {
    long index = Handle.index(handle);
    long generation = Handle.generation(handle);
    while (true) {
      long word = loadOwner(index);
      int owners = OwnerWord.owners(word);
      if (OwnerWord.generation(word) != generation || owners == 0 || isFree(index, word)) {
        return 0;
      }
      if (owners == OwnerWord.MAX_OWNERS) {
        return -1;
      }
      if (NativeMemory.compareAndSetLong(
          ownerAddress(index), word, OwnerWord.withOwnerAdded(word))) {
        return owners + 1;
      }
    }
  }

  /**
   * Takes an owner away. Whoever takes the last one must go on with {@link #unpublish} and {@link
   * #recycle}.
   *
   * @return owners left, or -1 if the handle is stale
   */
  public int removeOwner(long handle) {
    long index = Handle.index(handle);
    long generation = Handle.generation(handle);
    while (true) {
      long word = loadOwner(index);
      int owners = OwnerWord.owners(word);
      if (OwnerWord.generation(word) != generation || owners == 0 || isFree(index, word)) {
        return -1;
      }
      if (NativeMemory.compareAndSetLong(
          ownerAddress(index), word, OwnerWord.withOwnerRemoved(word))) {
        return owners - 1;
      }
    }
  }

  /** A free record's low bits are a list link, and may look like owners; its place is none. */
  private boolean isFree(long index, long ownerWord) {
    return PlaceWord.isNull(loadPlace(index)) && ownerWord == loadOwner(index);
  }

  /**
   * Takes the place of an ownerless object away.
   *
   * @return the far address that it had
   */
  public long unpublish(long index) {
    long address = placeAddress(index);
    while (true) {
      long word = NativeMemory.getLongAcquire(address);
      if (NativeMemory.compareAndSetLong(address, word, PlaceWord.next(word, 0, false))) {
        return PlaceWord.farAddress(word);
      }
    }
  }

  /** Gives an unpublished record back under its next generation, or retires it after the last. */
  public void recycle(long hint, long index) {
    long generation = OwnerWord.generation(loadOwner(index)) + 1;
    Stripe stripe = stripe(hint);
    stripe.lock.lock();
    try {
      stripe.live--;
      if (generation > OwnerWord.MAX_GENERATION) {
        stripe.retired++;
        NativeMemory.putLongRelease(ownerAddress(index), OwnerWord.free(0, END_OF_LIST));
        return;
      }
      NativeMemory.putLongRelease(ownerAddress(index), OwnerWord.free(generation, stripe.freeHead));
      stripe.freeHead = index;
    } finally {
      stripe.lock.unlock();
    }
  }

  /** Records of live objects. */
  public long live() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        sum += stripe.live;
      } finally {
        stripe.lock.unlock();
      }
    }
    return sum;
  }

  /** Records whose generations are used up. */
  public long retired() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        sum += stripe.retired;
      } finally {
        stripe.lock.unlock();
      }
    }
    return sum;
  }

  /** Bytes of records that were ever given out. */
  public long committedBytes() {
    return Math.min(nextChunk.get(), capacity) * RECORD_BYTES;
  }

  /** Indices from 1 up to here may have been given out. */
  public long limit() {
    return Math.min(nextChunk.get(), capacity);
  }

  /** Makes every handle stale and gives the table's memory back. */
  public void decommit() {
    region.decommit();
  }

  private Stripe stripe(long hint) {
    return stripes[(int) hint & (stripes.length - 1)];
  }
}
