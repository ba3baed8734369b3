package io.farheap.index;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.lang.ref.Reference;
import java.util.concurrent.locks.ReentrantLock;

/** The nodes behind buckets that are too full. A node that was given back is used again. */
final class OverflowNodes {
  private final NativeRegion region;
  private final long base;
  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();

  /** Number of the first free node; they are linked by their first handles. Under the lock. */
  private long freeHead;

  /** The first node that was never used; node 0 stands for none. Under the lock. */
  private long fresh = 1;

  private volatile long inUse;

  OverflowNodes(long capacity) {
    this.capacity = capacity;
    this.region = NativeRegion.reserve((capacity + 1) << Bucket.SHIFT, false);
    this.base = region.rawAddress();
  }

  long address(long node) {
    return base + (node << Bucket.SHIFT);
  }

  /** Whether a number may be a node's; a reader that lost its way may hold anything. */
  boolean has(long node) {
    return node > 0 && node <= capacity;
  }

  /**
   * Takes an empty node.
   *
   * @return its number
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  long take() {
    lock.lock();
    try {
      long node = freeHead;
      if (node != 0) {
        freeHead = Bucket.handle(address(node), 0);
      } else if (fresh <= capacity) {
        node = fresh++;
      } else {
        throw new IllegalStateException("the index is full; it was made for fewer entries");
      }
      inUse++;
      NativeMemory.zero(address(node), Bucket.BYTES);
      return node;
    } finally {
      lock.unlock();
      Reference.reachabilityFence(this);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  void give(long node) {
    lock.lock();
    try {
      NativeMemory.putInt(address(node), 0); // chained to nothing
      NativeMemory.putLong(Bucket.handleAddress(address(node), 0), freeHead);
      freeHead = node;
      inUse--;
    } finally {
      lock.unlock();
      Reference.reachabilityFence(this);
    }
  }

  long inUse() {
    return inUse;
  }

  /** Nodes that were in use at some time, and take memory since. */
  long used() {
    lock.lock();
    try {
      return fresh - 1;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    region.decommit();
  }
}
