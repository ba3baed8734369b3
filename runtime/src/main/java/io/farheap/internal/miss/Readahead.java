package io.farheap.internal.miss;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageFetch;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.agent.Backoff;
import io.farheap.internal.far.TransportPages;
import io.farheap.internal.far.TransportTrip;
import io.farheap.internal.place.FrameSupply;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.transport.TransportException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings pages in by the paging path before anybody asks for them.
 *
 * <p>Each page under way has a slot with the request and the frame. Who starts it does not wait: it
 * is completed by whoever first looks at the slot when its bytes are there, a thread that wants the
 * page or an agent. The slot's state says whose it is:
 *
 * <pre>
 *            start                submitted
 *   EMPTY ───────────► HANDLED ───────────────► UNDER_WAY
 *     ▲                 │  ▲  │                   │  │
 *     └──── complete ───┘  └──┼─────── poll ──────┘  │ await
 *     ▲                       └─ not complete ──►    ▼
 *     └──────────────── complete, or fenced ────── AWAITED
 * </pre>
 *
 * <p>All but the way from HANDLED to UNDER_WAY and those to EMPTY are compare-and-sets, so that one
 * thread at a time owns the request. HANDLED lasts for some instructions, AWAITED until a deadline.
 */
public final class Readahead implements Agent, AutoCloseable {
  private static final int EMPTY = 0;
  private static final int HANDLED = 1;
  private static final int UNDER_WAY = 2;
  private static final int AWAITED = 3;

  /** Slots for so many full windows. */
  private static final int WINDOWS = 4;

  /** At most one in so many frames is under way. */
  private static final int FRAMES_PER_SLOT = 16;

  private static final int TRIES = 256;

  /** No page. */
  static final long NO_PAGE = -1;

  private static final class Slot {
    final AtomicInteger state = new AtomicInteger(EMPTY);
    final TransportTrip trip;
    final PageFetch fetch;
    volatile long page = NO_PAGE;

    Slot(HeapMemory memory, TransportPages farPages) {
      trip = farPages.trip();
      fetch = new PageFetch(memory, farPages, trip);
    }
  }

  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final SegmentTable segments;
  private final TransportPages farPages;
  private final FrameSupply frameSupply;
  private final StatisticsRegistry statistics;
  private final PageStreams streams;
  private final Slot[] slots;
  private final AtomicInteger inUse = new AtomicInteger();

  /**
   * Wires it.
   *
   * @param pages most pages ahead of one sequence of misses; 0 for none
   */
  public Readahead(
      HeapMemory memory,
      TransportPages farPages,
      FrameSupply frameSupply,
      StatisticsRegistry statistics,
      int pages) {
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.segments = memory.segments();
    this.farPages = farPages;
    this.frameSupply = frameSupply;
    this.statistics = statistics;
    this.streams = new PageStreams(Math.max(1, pages));
    int most = Math.max(1, memory.frames().frames() / FRAMES_PER_SLOT);
    this.slots = new Slot[Math.min(WINDOWS * pages, most)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(memory, farPages);
    }
  }

  /** A page is being fetched that somebody asked for; what follows goes with the next flush. */
  void missed(long page) {
    if (slots.length > 0) {
      start(streams.missed(page));
    }
  }

  /**
   * A page was referenced for the first time since it is local; the caller's scope keeps it there.
   */
  void referenced(long page, int frame) {
    if (!frameTable.ahead(frame)) {
      return;
    }
    frameTable.clearAhead(frame);
    statistics.increment(Counter.PAGES_READ_AHEAD_USED);
    if (start(streams.used(page)) > 0) {
      farPages.flush();
    }
  }

  private int start(PageStreams.Ahead ahead) {
    if (ahead == null) {
      return 0;
    }
    int started = 0;
    long end = Math.min(ahead.firstPage() + ahead.pages(), segments.pagesInSlabs());
    for (long page = ahead.firstPage(); page < end; page++) {
      long word = pageTable.load(page);
      if (!wanted(page, word)) {
        continue;
      }
      Slot slot = emptySlot();
      if (slot == null) {
        break;
      }
      int frame = frameSupply.takeSpare();
      if (frame < 0) {
        release(slot);
        break;
      }
      started += begin(slot, page, word, frame) ? 1 : 0;
    }
    return started;
  }

  /**
   * The word is older than what is looked up by it, so that the fetch fails if any of it changed.
   */
  private boolean wanted(long page, long word) {
    return PageWord.state(word) == PageWord.REMOTE
        && PageWord.paging(word)
        && segments.pageLive(page) > 0
        && segments.heat(SegmentTable.segmentOf(page)) != Heat.LARGE;
  }

  /** An empty slot, HANDLED by the caller from here on, or null. */
  private Slot emptySlot() {
    if (inUse.get() < slots.length) {
      for (Slot slot : slots) {
        if (slot.state.get() == EMPTY && slot.state.compareAndSet(EMPTY, HANDLED)) {
          inUse.incrementAndGet();
          return slot;
        }
      }
    }
    return null;
  }

  private void release(Slot slot) {
    slot.page = NO_PAGE;
    inUse.decrementAndGet();
    slot.state.setRelease(EMPTY);
  }

  /** Hands the slot over to whoever takes it when the bytes are there, unless nothing was begun. */
  private boolean begin(Slot slot, long page, long word, int frame) {
    slot.page = page;
    boolean begun = false;
    try {
      begun = slot.fetch.begin(PageFetch.Reason.AHEAD, page, word, frame, 1);
    } finally {
      if (begun) {
        slot.state.setRelease(UNDER_WAY);
      } else {
        release(slot);
      }
    }
    return begun;
  }

  /**
   * Waits for a page that is being read ahead, unless another thread does so already.
   *
   * @return false if this is not the caller's to wait for; true if the page may be anywhere
   */
  boolean await(long page) {
    Slot slot = slotOf(page);
    if (slot == null || !claim(slot)) {
      return false;
    }
    if (slot.page != page) {
      slot.state.setRelease(UNDER_WAY); // the slot is another page's by now
      return false;
    }
    try {
      slot.trip.await(Long.MAX_VALUE);
    } catch (TransportException _) {
      // Nobody asked for this transfer: who wants the page fetches it, and meets its own failure.
    } finally {
      complete(slot);
    }
    return true;
  }

  private Slot slotOf(long page) {
    for (Slot slot : slots) {
      if (slot.page == page) {
        return slot;
      }
    }
    return null;
  }

  /** Makes a slot under way the caller's; waits for who only looks at it. */
  private static boolean claim(Slot slot) {
    for (int i = 0; i < TRIES; i++) {
      int state = slot.state.get();
      if (state == EMPTY || state == AWAITED) {
        return false;
      }
      if (state == UNDER_WAY && slot.state.compareAndSet(UNDER_WAY, AWAITED)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** Completes what has come, and gives up what is overdue. */
  @Override
  public int doWork() {
    if (inUse.get() == 0) {
      return 0;
    }
    int completed = 0;
    for (Slot slot : slots) {
      if (slot.state.get() == UNDER_WAY && slot.state.compareAndSet(UNDER_WAY, HANDLED)) {
        if (slot.trip.poll() == PageTrip.Status.PENDING) {
          slot.state.setRelease(UNDER_WAY);
        } else {
          complete(slot);
          completed++;
        }
      }
    }
    return completed;
  }

  /**
   * Maps the page, or gives it up; the slot is the caller's, and its transfer never lands later.
   */
  private void complete(Slot slot) {
    try {
      if (slot.fetch.finish()) {
        statistics.increment(Counter.PAGES_READ_AHEAD);
        statistics.add(Counter.BYTES_IN, PageWord.PAGE_BYTES);
      } else {
        statistics.increment(Counter.FETCH_FAILURES);
      }
    } finally {
      release(slot);
    }
  }

  /** Ends everything that is under way, so that no bytes come later; nobody uses the heap. */
  @Override
  public void close() {
    Backoff backoff = new Backoff();
    for (Slot slot : slots) {
      while (slot.state.get() != EMPTY) {
        if (claim(slot)) {
          complete(slot);
        } else {
          backoff.pause();
        }
      }
    }
  }
}
