package io.farheap.internal.miss;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.Relocation;
import io.farheap.error.FarAccessException;
import io.farheap.error.FarHeapException;
import io.farheap.error.ScopeException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.far.Miss;
import io.farheap.internal.far.TransportPages;
import io.farheap.internal.place.FrameSupply;
import io.farheap.internal.place.Placement;
import io.farheap.internal.scope.ScopeState;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;

/**
 * The slow path of a dereference: brings an object into local memory, whatever state its page is
 * in.
 *
 * <p>Every change of state makes it start over from the pointer record, the one truth of where the
 * object is.
 */
public final class Residence {
  private final HeapMemory memory;
  private final boolean confinedSegments;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final RecordTable records;
  private final TransportPages farPages;
  private final FrameSupply frameSupply;
  private final Fetcher fetcher;
  private final Readahead readahead;
  private final Placement placement;
  private final StatisticsRegistry statistics;

  /**
   * Wires it.
   *
   * @param confinedSegments whether a scope's segments refuse use after it and on other threads
   */
  public Residence(
      HeapMemory memory,
      TransportPages farPages,
      FrameSupply frameSupply,
      Fetcher fetcher,
      Readahead readahead,
      Placement placement,
      StatisticsRegistry statistics,
      boolean confinedSegments) {
    this.memory = memory;
    this.confinedSegments = confinedSegments;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.records = memory.records();
    this.farPages = farPages;
    this.frameSupply = frameSupply;
    this.fetcher = fetcher;
    this.readahead = readahead;
    this.placement = placement;
    this.statistics = statistics;
  }

  /**
   * Makes an object local and notes it as accessed, so that the fast path finds it, unless the
   * clock hand or a rescue is quicker; its page cannot leave before the scope ends.
   *
   * @throws StaleHandleException if the handle names nothing any more
   */
  public void localise(ScopeState scope, long handle, boolean prepare) {
    if (prepare) {
      if (scope.readable() == null) {
        scope.openArena(memory.poolSegment(), confinedSegments);
      }
      if (scope.logFull()) {
        scope.keepLog();
      }
      return;
    }
    if (memory.epochs().slotWord(scope.slot()) == Epochs.PARKED) {
      throw new ScopeException(
          "the scope protects nothing any more, since a wait in it was broken off; close it");
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
              readahead.referenced(page, PageWord.frame(word));
            }
          }
          return;
        }
        case PageWord.LEAVING -> {
          if (pageTable.rescue(page, word)) {
            statistics.increment(Counter.RESCUES);
            readahead.referenced(page, PageWord.frame(word));
          }
        }
        case PageWord.FREE -> Thread.onSpinWait(); // the object left it; its record says where to
        case PageWord.FETCHING -> fetcher.awaitFetch(page);
        case PageWord.REMOTE -> {
          if (PageWord.paging(word)) {
            bringPage(scope, page, word);
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
   * As {@link #localise}, but waits for nothing: fetches only if far memory is a copy away, and
   * finds room for it.
   *
   * @return false if it would have to wait
   * @throws StaleHandleException if the handle names nothing any more
   */
  public boolean localiseNow(ScopeState scope, long handle) {
    if (!resident(handle) && !fetchableNow(handle)) {
      return false;
    }
    // What leaves meanwhile is on its way out, and comes back without a wait; only a page that has
    // left altogether within these few instructions would be waited for.
    localise(scope, handle, false);
    return true;
  }

  private boolean fetchableNow(long handle) {
    if (!fetcher.isImmediate()) {
      return false;
    }
    long index = Handle.index(handle);
    long place = records.loadPlace(index);
    int bodyBytes = OwnerWord.size(records.loadOwner(index));
    long word = pageTable.load(PlaceWord.page(place));
    return PageWord.state(word) == PageWord.REMOTE
        && bodyBytes <= ObjectHeader.MAX_SMALL_BODY
        && (PageWord.paging(word) ? frameSupply.hasRoomNow(1) : placement.hasRoomNow(bodyBytes));
  }

  /**
   * Begins to bring in a small object that is remote, if that takes no wait.
   *
   * @param miss filled with what {@link #end} needs
   * @return false if nothing was begun: it is not remote, there is no room, or it is gone
   */
  public boolean begin(Miss miss, ScopeState scope, long handle) {
    long index = Handle.index(handle);
    if (index >= records.capacity()) {
      return false;
    }
    long place = records.loadPlace(index);
    long owner = records.loadOwner(index);
    int bodyBytes = OwnerWord.size(owner);
    if (PlaceWord.isNull(place)
        || !Handle.sameGeneration(handle, owner)
        || bodyBytes > ObjectHeader.MAX_SMALL_BODY) {
      return false;
    }
    long page = PlaceWord.page(place);
    long word = pageTable.load(page);
    if (PageWord.state(word) != PageWord.REMOTE) {
      return false;
    }
    return PageWord.paging(word)
        ? beginPage(miss, page, word)
        : beginObject(miss, scope, index, place, bodyBytes);
  }

  private boolean beginPage(Miss miss, long page, long word) {
    int frame = frameSupply.takeSpare();
    return frame >= 0 && fetcher.askForPage(miss, page, word, frame, 1);
  }

  /** The page is immutable as long as the scope lasts, so nothing needs to be looked at again. */
  private boolean beginObject(Miss miss, ScopeState scope, long index, long place, int bodyBytes) {
    long target = placement.reserveNow(Heat.HOT, scope.slot(), index, bodyBytes);
    if (target == LogBuffer.NO_ROOM) {
      return false;
    }
    miss.object().begin(index, place, bodyBytes, target);
    fetcher.askForObject(miss);
    return true;
  }

  /**
   * Waits for what was begun, in the same scope, and makes it local.
   *
   * @param mostNanos how long to wait at most
   * @throws FarAccessException if far memory does not deliver it; nothing of it is left
   */
  public void end(Miss miss, long mostNanos) {
    fetcher.bring(miss, mostNanos);
  }

  /**
   * Whether an object's bytes are local.
   *
   * @throws StaleHandleException if the handle names nothing any more
   */
  public boolean resident(long handle) {
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
  public boolean lost(long handle) {
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

  /** What the user of a handle that names nothing is told. */
  public static FarHeapException stale(long handle) {
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

  /** Brings a page, or a large object's run of pages, into frames. */
  private void bringPage(ScopeState scope, long page, long word) {
    Miss miss = missOf(scope); // before anything is taken: there may be no memory for it
    int pages = memory.runPages(page);
    int frame = pages == 1 ? frameSupply.take() : frameSupply.takeRun(pages);
    if (fetcher.askForPage(miss, page, word, frame, pages)) {
      fetcher.bring(miss, Long.MAX_VALUE);
    }
  }

  /** Copies an object off an immutable page into the log, and installs the copy unless it lost. */
  private void bringObject(ScopeState scope, long handle, long place, long word, int bodyBytes) {
    long index = Handle.index(handle);
    long page = PlaceWord.page(place);
    Miss miss = missOf(scope);
    Relocation object = miss.object();
    object.begin(
        index, place, bodyBytes, placement.reserve(Heat.HOT, scope.slot(), index, bodyBytes));
    // Reserving may have stepped out of the epoch, and then a quiet frame may be gone.
    if (pageTable.load(page) != word || !PlaceWord.same(records.loadPlace(index), place)) {
      object.abandon();
    } else if (PageWord.state(word) == PageWord.QUIET) {
      object.copyFrom(
          memory.frameRawAddress(PageWord.frame(word))
              + PlaceWord.offsetInPage(place)
              + ObjectHeader.BYTES);
      boolean _ = object.install(true);
      statistics.increment(Counter.HELPED_RELOCATIONS);
    } else {
      fetcher.askForObject(miss);
      fetcher.bring(miss, Long.MAX_VALUE);
    }
  }

  /** The miss of a scope, which waits for one at a time. */
  Miss missOf(ScopeState scope) {
    Miss miss = scope.miss();
    if (miss == null) {
      miss = newMiss();
      scope.keep(miss);
    }
    return miss;
  }

  /** A miss for {@link #begin}, used again and again. */
  public Miss newMiss() {
    return new Miss(memory, farPages);
  }
}
