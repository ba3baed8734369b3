package io.farheap.index;

import io.farheap.base.memory.NativeMemory;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks a hash up, without a lock: gives the handles that may be it, one after the other. Reused by
 * its owner for any number of lookups; for one thread at a time.
 *
 * <pre>
 *   for (long h = cursor.first(hash); h != 0; h = cursor.next()) {
 *     if (keyOf(h) is mine) { found }
 *   }
 * </pre>
 *
 * The caller compares keys. A handle may come up twice, and one that was removed meanwhile may come
 * up still. An entry that is in the index throughout, under whatever handle, comes up.
 */
@SuppressWarnings("ReachabilityFenceUsage") // a failure reads no memory after it
public final class IndexCursor {
  private static final int SPINS = 64;

  private final HashIndex index;
  private long hash;
  private int tag;
  private long bucket;
  private int control;
  private long node;
  private int nodeControl;
  private int slot;
  private int nodesSeen;
  private long wordAddress;
  private int word;

  IndexCursor(HashIndex index) {
    this.index = index;
  }

  /**
   * Begins a lookup.
   *
   * @return the first handle that may be it, or 0 if there is none
   */
  public long first(long newHash) {
    hash = newHash;
    tag = index.tag(newHash);
    begin();
    return next();
  }

  private void begin() {
    for (int spins = 0; ; spins++) {
      bucket = index.bucketAddress(hash);
      control = Bucket.control(bucket);
      VarHandle.acquireFence();
      if (!Bucket.moving(control)) {
        break;
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(HashIndex.PAUSE_NANOS); // whoever moves entries was put to sleep
      }
    }
    node = bucket;
    nodeControl = control;
    slot = 0;
    nodesSeen = 0;
  }

  /**
   * Goes on.
   *
   * @return the next handle that may be it, or 0 if there is none
   */
  public long next() {
    while (true) {
      int slots = Bucket.slots(nodeControl);
      while (slot < slots) {
        int at = slot++;
        long address = Bucket.wordAddress(node, at);
        int w = NativeMemory.getInt(address);
        if (Bucket.tag(w) != tag) {
          continue;
        }
        VarHandle.acquireFence();
        long handle = NativeMemory.getLongAcquire(Bucket.handleAddress(node, at));
        // The last handle may have become a link, and a node another bucket's or nobody's.
        if (handle != 0 && ((node == bucket && at < Bucket.LAST_SLOT) || unmoved())) {
          wordAddress = address;
          word = w;
          Reference.reachabilityFence(index);
          return handle;
        }
      }
      if (!Bucket.chained(nodeControl) || !enterNext()) {
        VarHandle.acquireFence();
        if (unmoved() && index.bucketAddress(hash) == bucket) {
          Reference.reachabilityFence(index);
          return 0;
        }
        begin();
      }
    }
  }

  private boolean unmoved() {
    return Bucket.same(control, Bucket.control(bucket));
  }

  /** Goes on to the next node; answers false if there is none, since entries moved meanwhile. */
  private boolean enterNext() {
    long link = Bucket.handle(node, Bucket.LAST_SLOT);
    VarHandle.acquireFence();
    if (!unmoved() || !index.overflow().has(link) || ++nodesSeen > HashIndex.MAX_CHAIN) {
      return false;
    }
    node = index.overflow().address(link);
    nodeControl = Bucket.control(node);
    slot = 0;
    return true;
  }

  /** The aux bits that the last handle had when it came up. */
  public int aux() {
    return word & Bucket.AUX_MASK;
  }

  /**
   * Changes the aux bits of the last handle, unless they changed since it came up. A hint: an entry
   * that is being moved may miss it, and in rare cases another entry with the same tag and the same
   * bits gets it.
   */
  public boolean updateAux(int aux) {
    int changed = (word & ~Bucket.AUX_MASK) | (aux & Bucket.AUX_MASK);
    boolean done = NativeMemory.compareAndSetInt(wordAddress, word, changed);
    if (done) {
      word = changed;
    }
    Reference.reachabilityFence(index);
    return done;
  }
}
