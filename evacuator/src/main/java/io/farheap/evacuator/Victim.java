package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;

/** A page on its way out. */
final class Victim extends BatchedPage {
  /** It was closed and without live bytes before it was unmapped. */
  boolean dead;

  /** Some of its objects are accessed, but too few to keep it for them. */
  boolean sparse;

  /** The path selector flag that it gets. */
  boolean paging;

  Victim(PageTrip trip) {
    super(trip);
  }

  /**
   * Unmaps a page (T2), which becomes this entry's.
   *
   * @param local its LOCAL word, W clear
   * @return false if the page changed meanwhile
   */
  boolean unmap(HeapMemory memory, long newPage, long local) {
    // Both are read before the unmapping: only what was dead before the grace period is dead to
    // every reader after it, and a run is whole for as long as its head does not change.
    boolean wasDead = memory.segments().pageLive(newPage) == 0;
    int pages = memory.runPages(newPage);
    long leaving = memory.pageTable().unmap(newPage, local);
    if (leaving == 0) {
      return false;
    }
    set(newPage, leaving, PageWord.frame(leaving), pages);
    dead = wasDead;
    sparse = false;
    paging = false;
    return true;
  }
}
