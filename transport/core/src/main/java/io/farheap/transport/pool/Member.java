package io.farheap.transport.pool;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import java.util.concurrent.atomic.AtomicInteger;

/** One of the far memories of a pool. It has none until its server was reached once. */
final class Member {
  private final Locator locator;
  private final AtomicInteger slabs = new AtomicInteger();
  private volatile FarMemory memory;

  Member(Locator locator) {
    this.locator = locator;
  }

  Locator locator() {
    return locator;
  }

  /** Its far memory, or null. */
  FarMemory memory() {
    return memory;
  }

  void memory(FarMemory opened) {
    memory = opened;
  }

  /** As {@link FarMemory#freeBytes}. */
  long freeBytes() {
    FarMemory opened = memory;
    return opened == null ? -1 : opened.freeBytes();
  }

  /** Slabs of the pool on it that are not lost, as far as is known. */
  int slabs() {
    return slabs.get();
  }

  void addSlabs(int more) {
    slabs.addAndGet(more);
  }
}
