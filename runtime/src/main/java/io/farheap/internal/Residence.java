package io.farheap.internal;

import io.farheap.FarHeapException;
import io.farheap.SpentPointerException;
import io.farheap.StaleHandleException;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.memory.NativeMemory;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;

/**
 * The slow path of a dereference: brings an object into local memory, whatever state its page is
 * in.
 *
 * <p>Every change of state makes it start over from the pointer record, the one truth of where the
 * object is.
 */
final class Residence {
  private final HeapMemory memory;
  private final boolean confinedSegments;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final RecordTable records;
  private final Fetcher fetcher;
  private final Placement placement;
  private final StatisticsRegistry statistics;

  Residence(
      HeapMemory memory,
      Fetcher fetcher,
      Placement placement,
      StatisticsRegistry statistics,
      boolean confinedSegments) {
    this.memory = memory;
    this.confinedSegments = confinedSegments;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.records = memory.records();
    this.fetcher = fetcher;
    this.placement = placement;
    this.statistics = statistics;
  }

  /**
   * Makes an object local and notes it as accessed, so that the fast path finds it, unless the
   * clock hand or a rescue is quicker; its page cannot leave before the scope ends.
   *
   * @throws StaleHandleException if the handle names nothing any more
   */
  void localise(ScopeState scope, long handle, boolean prepare) {
    if (prepare) {
      if (scope.readable == null) {
        scope.openArena(memory.poolSegment(), confinedSegments);
      }
      if (scope.logFull()) {
        scope.keepLog();
      }
      return;
    }
    long index = Handle.index(handle);
    while (true) {
      long place = records.loadPlace(index);
      long owner = records.loadOwner(index);
      if (PlaceWord.isNull(place) || !Handle.sameGeneration(handle, owner)) {
        throw stale(handle);
      }
      long page = PlaceWord.page(place);
      long word = pageTable.load(page);
      switch (PageWord.state(word)) {
        case PageWord.LOCAL -> {
          // The page is in the log before anything else, so that no wait below can lose it.
          scope.logAndMakeRoom(page);
          if (!PlaceWord.accessed(place)) {
            // First the cards, then the access bit that stands for them.
            int bodyBytes = OwnerWord.size(owner);
            if (bodyBytes <= ObjectHeader.MAX_SMALL_BODY) {
              frameTable.markCards(
                  PageWord.frame(word),
                  (int) PlaceWord.offsetInPage(place),
                  ObjectHeader.footprint(bodyBytes));
            }
            records.setAccess(index, place);
          }
          if (!PageWord.referenced(word)) {
            // Whoever sets it is the only one to tell, and the scope keeps the page where it is.
            if (pageTable.setReferenced(page, word)) {
              fetcher.referenced(page, PageWord.frame(word));
            }
          }
          return;
        }
        case PageWord.LEAVING -> {
          if (pageTable.rescue(page, word)) {
            statistics.increment(Counter.RESCUES);
            fetcher.referenced(page, PageWord.frame(word));
          }
        }
        case PageWord.FREE -> Thread.onSpinWait(); // the object left it; its record says where to
        case PageWord.FETCHING -> fetcher.awaitFetch(page);
        case PageWord.REMOTE -> {
          if (PageWord.paging(word)) {
            fetcher.fetchPage(scope, page, word);
          } else {
            bringObject(scope, handle, place, word, OwnerWord.size(owner));
          }
        }
        case PageWord.QUIET -> {
          bringObject(scope, handle, place, word, OwnerWord.size(owner));
        }
        default ->
            throw new IllegalStateException(
                "object " + handle + " lies on " + PageWord.describe(word));
      }
    }
  }

  /**
   * As {@link #localise}, but never waits and fetches nothing.
   *
   * @return false if the object is not local
   * @throws StaleHandleException if the handle names nothing any more
   */
  boolean localiseNow(ScopeState scope, long handle) {
    if (!resident(handle)) {
      return false;
    }
    // What leaves meanwhile is on its way out, and comes back without a wait; only a page that has
    // left altogether within these few instructions would be fetched.
    localise(scope, handle, false);
    return true;
  }

  /**
   * Whether an object's bytes are local.
   *
   * @throws StaleHandleException if the handle names nothing any more
   */
  boolean resident(long handle) {
    long index = Handle.index(handle);
    while (index < records.capacity()) {
      long place = records.loadPlace(index);
      long owner = records.loadOwner(index);
      if (PlaceWord.isNull(place) || !Handle.sameGeneration(handle, owner)) {
        break;
      }
      int state = PageWord.state(pageTable.load(PlaceWord.page(place)));
      switch (state) {
        case PageWord.LOCAL, PageWord.LEAVING -> {
          return true;
        }
        case PageWord.QUIET -> {
          return placement.hasRoomNow(OwnerWord.size(owner)); // it is copied from frame to frame
        }
        case PageWord.FREE -> Thread.onSpinWait(); // the object left it; its record says where to
        default -> {
          return false;
        }
      }
    }
    throw stale(handle);
  }

  /** Whether an object's bytes are known to be lost; false also of a handle that names nothing. */
  boolean lost(long handle) {
    long index = Handle.index(handle);
    if (index >= records.capacity()) {
      return false;
    }
    long place = records.loadPlace(index);
    long owner = records.loadOwner(index);
    if (PlaceWord.isNull(place) || !Handle.sameGeneration(handle, owner)) {
      return false;
    }
    long page = PlaceWord.page(place);
    return PageWord.state(pageTable.load(page)) == PageWord.REMOTE && fetcher.isLost(page);
  }

  static FarHeapException stale(long handle) {
    if (handle == Handle.NULL) {
      return new SpentPointerException(
          "the pointer is spent: it was freed, moved or shared, or never named an object");
    }
    return new StaleHandleException(
        "handle "
            + Handle.index(handle)
            + "/"
            + Handle.generation(handle)
            + " names no object of this heap: it was freed, or came from elsewhere");
  }

  /** Copies an object off an immutable page into the log, and installs the copy unless it lost. */
  private void bringObject(ScopeState scope, long handle, long place, long word, int bodyBytes) {
    long index = Handle.index(handle);
    long page = PlaceWord.page(place);
    long target = placement.reserve(Heat.HOT, scope.slot, index, bodyBytes);
    boolean installed = false;
    try {
      long rawAddress = memory.reservedRawAddress(target);
      // Reserving may have stepped out of the epoch, and then a quiet frame may be gone.
      if (pageTable.load(page) != word || !PlaceWord.same(records.loadPlace(index), place)) {
        return;
      }
      if (PageWord.state(word) == PageWord.QUIET) {
        NativeMemory.copy(
            memory.frameRawAddress(PageWord.frame(word))
                + PlaceWord.offsetInPage(place)
                + ObjectHeader.BYTES,
            rawAddress + ObjectHeader.BYTES,
            bodyBytes);
        statistics.increment(Counter.HELPED_RELOCATIONS);
      } else {
        fetcher.fetchObject(
            scope, PlaceWord.farAddress(place), rawAddress + ObjectHeader.BYTES, bodyBytes);
      }
      int footprint = ObjectHeader.footprint(bodyBytes);
      long targetWord = pageTable.load(target >>> PageWord.PAGE_SHIFT);
      if (bodyBytes <= ObjectHeader.MAX_SMALL_BODY) {
        frameTable.markCards(
            PageWord.frame(targetWord), (int) (target & (PageWord.PAGE_BYTES - 1)), footprint);
      }
      installed = records.relocate(index, place, target, true);
      if (installed) {
        memory.segments().removeLive(page, footprint);
      }
    } finally {
      if (installed) {
        memory.finish(target);
      } else {
        memory.abandon(target, bodyBytes);
      }
    }
  }
}
