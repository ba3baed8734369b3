package io.farheap.index;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Maps hashes of 64 bits to handles, in native memory: some 18 bytes an entry and no Java object.
 *
 * <p>It knows handles and tags, bits of the hash, but no keys: a lookup gives the handles that may
 * be it, and the caller compares their keys, which the objects hold. Each entry has {@link
 * #AUX_BITS} further bits of the caller's. A handle names one object for ever, as those of {@link
 * io.farheap.Handles} do; 0 names none.
 *
 * <p>Lookups take no lock ({@link IndexCursor}). Changes lock one bucket for a few stores; that a
 * key is entered once only is the caller's to see to, by a lock of its own around lookup and
 * insertion. The index grows by linear hashing, after Litwin: every few insertions split one bucket
 * in two, so that it never stops to be built anew, and its load stays the same.
 */
@SuppressWarnings("ReachabilityFenceUsage") // a failure reads no memory after it
public final class HashIndex implements AutoCloseable {
  /** Bits that an entry has for its owner. */
  public static final int AUX_BITS = Bucket.AUX_BITS;

  /** Chains that seem longer than this are a reader's that lost its way. */
  static final int MAX_CHAIN = 1 << 16;

  private static final int LOAD = 6;
  private static final int MIN_SHIFT = 4;
  private static final int MAX_SHIFT = 30;

  /** Most splits that one insertion does. */
  private static final int MAX_SPLITS = 8;

  /** How long a thread waits for another that was put to sleep while it held a bucket. */
  static final long PAUSE_NANOS = 20_000;

  /** One insertion in so many looks whether to split. */
  private static final int SPLIT_CHECK_MASK = 3;

  private final NativeRegion region;
  private final int regionAt;
  private final OverflowNodes overflow;
  private final int firstShift;
  private final long maxBuckets;
  private final LongAdder entries = new LongAdder();
  private final ReentrantLock splitting = new ReentrantLock();

  /**
   * Buckets in use. Changed by whoever holds {@link #splitting}, while it has both halves locked.
   */
  private volatile long buckets;

  /** What a split finds; under {@link #splitting}. */
  private long[] splitHandles = new long[64];

  private int[] splitWords = new int[64];

  /**
   * An empty index.
   *
   * @param expectedEntries how many there will be, about: a lookup that finds nothing is told from
   *     others by {@code 14 + log2(expectedEntries / 6)} bits
   * @param mostEntries how many there may be at most; costs address space only
   */
  public HashIndex(long expectedEntries, long mostEntries) {
    if (expectedEntries < 0 || mostEntries < 1) {
      throw new IllegalArgumentException(
          "an index for " + expectedEntries + " entries, at most " + mostEntries);
    }
    // Half of what is expected, so that the buckets are well filled while it grows.
    long first = Math.max(1, expectedEntries / LOAD / 2);
    this.firstShift =
        Math.clamp(Long.SIZE - 1 - Long.numberOfLeadingZeros(first), MIN_SHIFT, MAX_SHIFT);
    long wanted = Math.max(1L << firstShift, mostEntries / LOAD + 1);
    this.maxBuckets = Math.min(wanted, 1L << (firstShift + Bucket.TAG_BITS));
    this.region = NativeRegion.reserve(maxBuckets << Bucket.SHIFT, true);
    this.regionAt = region.hugePageNumber();
    this.overflow = new OverflowNodes(Math.max(16, mostEntries));
    this.buckets = 1L << firstShift;
  }

  /** A cursor, for lookups. */
  public IndexCursor cursor() {
    return new IndexCursor(this);
  }

  int tag(long hash) {
    return (int) (hash >>> firstShift) & ((1 << Bucket.TAG_BITS) - 1);
  }

  /** The bucket of a hash, as long as {@link #buckets} stays the same. */
  long bucketAddress(long hash) {
    return address(bucketNumber(hash, buckets));
  }

  private static long bucketNumber(long hash, long count) {
    long half = Long.highestOneBit(count);
    long number = hash & (2 * half - 1);
    return number < count ? number : number - half;
  }

  private long address(long bucketNumber) {
    return NativeRegion.rawAddress(regionAt) + (bucketNumber << Bucket.SHIFT);
  }

  OverflowNodes overflow() {
    return overflow;
  }

  /**
   * Enters a handle. The caller has seen to it that its key is not there.
   *
   * @param aux the entry's own bits
   * @throws IllegalStateException if there are more entries than the index was made for
   */
  public void insert(long hash, long handle, int aux) {
    if (handle == 0) {
      throw new IllegalArgumentException("handle 0 names nothing");
    }
    int word = Bucket.wordOf(tag(hash), aux & Bucket.AUX_MASK);
    long bucket = lock(hash);
    try {
      put(bucket, handle, word);
    } finally {
      unlock(bucket);
    }
    entries.increment();
    if ((hash >>> (Long.SIZE - 2) & SPLIT_CHECK_MASK) == 0) {
      split();
    }
    Reference.reachabilityFence(this);
  }

  /** Stores an entry in a free slot of a locked bucket. */
  private void put(long bucket, long handle, int word) {
    long node = bucket;
    while (true) {
      int control = Bucket.control(node);
      int slots = Bucket.slots(control);
      for (int i = 0; i < slots; i++) {
        if (Bucket.handle(node, i) == 0) {
          Bucket.store(node, i, handle, word);
          return;
        }
      }
      if (!Bucket.chained(control)) {
        break;
      }
      node = nextNode(node);
    }
    long added = overflow.take();
    long target = overflow.address(added);
    Bucket.store(target, 1, handle, word);
    beginMoving(bucket);
    chain(node, added, target);
    endMoving(bucket);
  }

  /** Adds an empty node behind a full one, whose last entry goes there. */
  private static void chain(long node, long added, long target) {
    Bucket.store(
        target, 0, Bucket.handle(node, Bucket.LAST_SLOT), Bucket.word(node, Bucket.LAST_SLOT));
    NativeMemory.putIntRelease(Bucket.wordAddress(node, Bucket.LAST_SLOT), 0);
    NativeMemory.putLongRelease(Bucket.handleAddress(node, Bucket.LAST_SLOT), added);
    NativeMemory.putIntRelease(node, Bucket.control(node) | Bucket.CHAINED);
  }

  private long nextNode(long node) {
    return overflow.address(Bucket.handle(node, Bucket.LAST_SLOT));
  }

  /**
   * Puts another handle in a handle's place.
   *
   * @param aux the new entry's own bits
   * @return false if the old handle is not there
   */
  public boolean replace(long hash, long oldHandle, long newHandle, int aux) {
    int word = Bucket.wordOf(tag(hash), aux & Bucket.AUX_MASK);
    long bucket = lock(hash);
    try {
      long node = bucket;
      while (true) {
        int control = Bucket.control(node);
        int slot = find(node, control, oldHandle);
        if (slot >= 0) {
          Bucket.store(node, slot, newHandle, word);
          return true;
        }
        if (!Bucket.chained(control)) {
          return false;
        }
        node = nextNode(node);
      }
    } finally {
      unlock(bucket);
      Reference.reachabilityFence(this);
    }
  }

  /**
   * Takes a handle out.
   *
   * @return false if it is not there
   */
  public boolean remove(long hash, long handle) {
    long bucket = lock(hash);
    return removeLocked(bucket, handle, false, 0);
  }

  /**
   * Takes a handle out, if its aux bits are what the caller saw.
   *
   * @return false if it is not there, or has other bits
   */
  public boolean remove(long hash, long handle, int aux) {
    long bucket = lock(hash);
    return removeLocked(bucket, handle, true, Bucket.wordOf(tag(hash), aux & Bucket.AUX_MASK));
  }

  private boolean removeLocked(long bucket, long handle, boolean withWord, int word) {
    boolean removed;
    try {
      removed = take(bucket, handle, withWord, word);
    } finally {
      unlock(bucket);
    }
    if (removed) {
      entries.decrement();
    }
    Reference.reachabilityFence(this);
    return removed;
  }

  /** Takes a handle out of a locked bucket, and fills the gap from the end of the chain. */
  private boolean take(long bucket, long handle, boolean withWord, int word) {
    long found = 0;
    int foundSlot = -1;
    long beforeLast = 0;
    long node = bucket;
    while (true) {
      int control = Bucket.control(node);
      if (foundSlot < 0) {
        foundSlot = find(node, control, handle);
        found = node;
      }
      if (!Bucket.chained(control)) {
        break;
      }
      beforeLast = node;
      node = nextNode(node);
    }
    if (foundSlot < 0 || (withWord && Bucket.word(found, foundSlot) != word)) {
      return false;
    }
    if (beforeLast == 0) {
      Bucket.clear(found, foundSlot);
    } else {
      beginMoving(bucket);
      Bucket.clear(found, foundSlot);
      shrink(found, foundSlot, beforeLast, node);
      endMoving(bucket);
    }
    return true;
  }

  /** Moves an entry of the last node into a gap, and drops the node if that was all. */
  private void shrink(long gapNode, int gapSlot, long beforeLast, long last) {
    int from = anyEntry(last);
    if (from >= 0 && gapNode != last) {
      Bucket.store(gapNode, gapSlot, Bucket.handle(last, from), Bucket.word(last, from));
      Bucket.clear(last, from);
      from = anyEntry(last);
    }
    if (from < 0) {
      long number = Bucket.handle(beforeLast, Bucket.LAST_SLOT);
      NativeMemory.putIntRelease(beforeLast, Bucket.control(beforeLast) & ~Bucket.CHAINED);
      Bucket.clear(beforeLast, Bucket.LAST_SLOT);
      overflow.give(number);
    }
  }

  private static int anyEntry(long node) {
    for (int i = Bucket.SLOTS - 1; i >= 0; i--) {
      if (Bucket.handle(node, i) != 0) {
        return i;
      }
    }
    return -1;
  }

  private static int find(long node, int control, long handle) {
    int slots = Bucket.slots(control);
    for (int i = 0; i < slots; i++) {
      if (Bucket.handle(node, i) == handle) {
        return i;
      }
    }
    return -1;
  }

  private long lock(long hash) {
    for (int tries = 0; ; tries++) {
      long bucket = bucketAddress(hash);
      if (tryLock(bucket)) {
        if (bucketAddress(hash) == bucket) {
          return bucket;
        }
        unlock(bucket);
      } else {
        pause(tries);
      }
    }
  }

  private static boolean tryLock(long bucket) {
    int control = Bucket.control(bucket);
    return !Bucket.locked(control)
        && NativeMemory.compareAndSetInt(bucket, control, control | Bucket.LOCKED);
  }

  private static void pause(int tries) {
    if ((tries & 63) != 63) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PAUSE_NANOS); // the holder was put to sleep
    }
  }

  private static void unlock(long bucket) {
    NativeMemory.putIntRelease(bucket, Bucket.control(bucket) & ~Bucket.LOCKED);
  }

  private static void beginMoving(long bucket) {
    NativeMemory.putInt(bucket, Bucket.control(bucket) | Bucket.MOVING);
    VarHandle.storeStoreFence(); // readers see it before anything that moved
  }

  private static void endMoving(long bucket) {
    NativeMemory.putIntRelease(bucket, Bucket.moved(Bucket.control(bucket)));
  }

  /** Splits the next buckets, if the index is too full and nobody else is at it. */
  private void split() {
    if (entries.sum() <= buckets * LOAD || !splitting.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < MAX_SPLITS && entries.sum() > buckets * LOAD; i++) {
        if (buckets == maxBuckets) {
          return; // chains grow from here on
        }
        splitNext();
      }
    } finally {
      splitting.unlock();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only ever changed here, under the lock
  private void splitNext() {
    long count = buckets;
    long half = Long.highestOneBit(count);
    long source = address(count - half);
    long image = address(count);
    for (int tries = 0; !tryLock(source); tries++) {
      pause(tries);
    }
    NativeMemory.putInt(image, Bucket.LOCKED | Bucket.MOVING);
    beginMoving(source);
    int found = empty(source);
    int imageBit = (int) (half >>> firstShift) << Bucket.AUX_BITS;
    for (int i = 0; i < found; i++) {
      long target = (splitWords[i] & imageBit) == 0 ? source : image;
      putMoving(target, splitHandles[i], splitWords[i]);
    }
    buckets = count + 1;
    endMoving(image);
    endMoving(source);
    unlock(image);
    unlock(source);
  }

  /** As {@link #put}, into a bucket that is moving anyhow. */
  private void putMoving(long bucket, long handle, int word) {
    long node = bucket;
    while (true) {
      int control = Bucket.control(node);
      int slots = Bucket.slots(control);
      for (int i = 0; i < slots; i++) {
        if (Bucket.handle(node, i) == 0) {
          Bucket.store(node, i, handle, word);
          return;
        }
      }
      if (!Bucket.chained(control)) {
        long added = overflow.take();
        long target = overflow.address(added);
        Bucket.store(target, 1, handle, word);
        chain(node, added, target);
        return;
      }
      node = nextNode(node);
    }
  }

  /** Takes all entries of a moving bucket out; answers how many there were. */
  private int empty(long bucket) {
    int found = 0;
    long node = bucket;
    long number = 0;
    while (true) {
      int control = Bucket.control(node);
      int slots = Bucket.slots(control);
      for (int i = 0; i < slots; i++) {
        long handle = Bucket.handle(node, i);
        if (handle != 0) {
          keepRoom(found);
          splitHandles[found] = handle;
          splitWords[found] = Bucket.word(node, i);
          found++;
          Bucket.clear(node, i);
        }
      }
      long next = Bucket.chained(control) ? Bucket.handle(node, Bucket.LAST_SLOT) : 0;
      if (next != 0) {
        NativeMemory.putIntRelease(node, control & ~Bucket.CHAINED);
        Bucket.clear(node, Bucket.LAST_SLOT);
      }
      if (number != 0) {
        overflow.give(number);
      }
      if (next == 0) {
        return found;
      }
      number = next;
      node = overflow.address(next);
    }
  }

  private void keepRoom(int found) {
    if (found == splitHandles.length) {
      splitHandles = Arrays.copyOf(splitHandles, 2 * found);
      splitWords = Arrays.copyOf(splitWords, 2 * found);
    }
  }

  /**
   * Looks at the entries of one bucket; some of them are passed over if they move meanwhile. Since
   * entries only ever move to buckets of higher numbers, a sweep over all buckets in order, those
   * that are added meanwhile too, meets nearly every entry.
   *
   * @param bucketNumber 0 to {@link #buckets} less 1; others are passed over
   * @return entries that were taken out
   */
  public int sweep(long bucketNumber, EntryVisitor visitor) {
    if (bucketNumber < 0 || bucketNumber >= buckets) {
      return 0;
    }
    long bucket = address(bucketNumber);
    int before = Bucket.control(bucket);
    VarHandle.acquireFence();
    int removed = 0;
    long node = bucket;
    int nodesSeen = 0;
    while (!Bucket.moving(before)) {
      int control = Bucket.control(node);
      int slots = Bucket.slots(control);
      for (int i = 0; i < slots; i++) {
        long wordAddress = Bucket.wordAddress(node, i);
        int word = NativeMemory.getInt(wordAddress);
        VarHandle.acquireFence();
        long handle = NativeMemory.getLongAcquire(Bucket.handleAddress(node, i));
        if (handle == 0) {
          continue;
        }
        if (!Bucket.same(before, Bucket.control(bucket))) {
          Reference.reachabilityFence(this);
          return removed; // something moved, and the handle may be a link
        }
        int aux = word & Bucket.AUX_MASK;
        int answer = visitor.visit(handle, aux);
        if (answer == EntryVisitor.REMOVE) {
          removed += removeSwept(bucket, handle, word, visitor);
        } else if (answer != aux) {
          NativeMemory.compareAndSetInt(
              wordAddress, word, (word & ~Bucket.AUX_MASK) | (answer & Bucket.AUX_MASK));
        }
      }
      long link = Bucket.chained(control) ? Bucket.handle(node, Bucket.LAST_SLOT) : 0;
      if (!overflow.has(link) || ++nodesSeen > MAX_CHAIN) {
        Reference.reachabilityFence(this);
        return removed;
      }
      node = overflow.address(link);
    }
    return removed;
  }

  private int removeSwept(long bucket, long handle, int word, EntryVisitor visitor) {
    for (int tries = 0; !tryLock(bucket); tries++) {
      pause(tries);
    }
    if (!removeLocked(bucket, handle, true, word)) {
      return 0; // gone, or its bits changed
    }
    visitor.removed(handle, word & Bucket.AUX_MASK);
    return 1;
  }

  /** Entries that are there; exact while nobody changes any. */
  public long size() {
    return entries.sum();
  }

  /** Buckets in use; every few insertions one more. */
  public long buckets() {
    return buckets;
  }

  /** Native memory that buckets and overflow nodes take, in bytes. */
  public long memoryBytes() {
    return (buckets + overflow.used()) << Bucket.SHIFT;
  }

  /**
   * Recounts everything, while nobody changes anything.
   *
   * @throws IllegalStateException if an entry is where no lookup finds it, or the counts are wrong
   */
  public void check() {
    long count = 0;
    long nodes = 0;
    long half = Long.highestOneBit(buckets);
    for (long number = 0; number < buckets; number++) {
      long node = address(number);
      if (Bucket.locked(Bucket.control(node)) || Bucket.moving(Bucket.control(node))) {
        throw new IllegalStateException("bucket " + number + " is locked");
      }
      boolean whole = number >= half || number < buckets - half; // at the finer of the two levels
      while (true) {
        int control = Bucket.control(node);
        int slots = Bucket.slots(control);
        for (int i = 0; i < slots; i++) {
          if (Bucket.handle(node, i) != 0) {
            checkPlace(number, Bucket.tag(Bucket.word(node, i)), whole ? 2 * half : half);
            count++;
          }
        }
        if (!Bucket.chained(control)) {
          break;
        }
        nodes++;
        node = nextNode(node);
      }
    }
    if (count != size() || nodes != overflow.inUse()) {
      throw new IllegalStateException(
          "found "
              + count
              + " entries in "
              + nodes
              + " overflow nodes; the counts say "
              + size()
              + " and "
              + overflow.inUse());
    }
  }

  private void checkPlace(long number, int tag, long level) {
    long known = (level >>> firstShift) - 1; // bits that number and tag both have
    if (((number >>> firstShift) & known) != (tag & known)) {
      throw new IllegalStateException("an entry with tag " + tag + " is in bucket " + number);
    }
  }

  /** Gives the memory back. Lookups find nothing from here on. */
  @Override
  public void close() {
    region.decommit();
    overflow.close();
  }
}
