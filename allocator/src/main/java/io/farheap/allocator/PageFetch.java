package io.farheap.allocator;

/**
 * The way of a page, or of a large object's run of pages, from far memory into frames. Used again
 * and again; it belongs to one thread at a time.
 *
 * <pre>
 *            begin (T9)                     finish, the bytes are there (T10)
 *   REMOTE ─────────────► FETCHING, asked for ──────────────► LOCAL
 *     ▲                          │
 *     └───── frames given back ──┘ finish, they are not (T11)
 * </pre>
 *
 * <p>Who waits, for how long, and who counts is the caller's business; it may wait for or poll the
 * {@link #trip}. Between begin and finish page and frames are this fetch's alone. If the trip
 * cannot even be ended, bytes may land in the frames at any time, and nobody gets them any more.
 */
public final class PageFetch {
  /** Why a page is fetched. */
  public enum Reason {
    /** Somebody needs it: the page counts as referenced. */
    MISS,
    /** Somebody may need it soon: its first use is to be seen, and told from others. */
    AHEAD,
    /** An agent needs its bytes; nobody asked for the page. */
    CLEANING
  }

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final FarPages farPages;
  private final PageTrip trip;
  private Reason reason;
  private long page;
  private int frame;
  private int pages;

  /**
   * A fetch that is not under way.
   *
   * @param trip this fetch's between begin and finish
   */
  public PageFetch(HeapMemory memory, FarPages farPages, PageTrip trip) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.farPages = farPages;
    this.trip = trip;
  }

  /** The bytes' way, to wait for or to poll; only {@link #finish} may end it. */
  public PageTrip trip() {
    return trip;
  }

  /** The page that is being fetched, or the head of the run. */
  public long page() {
    return page;
  }

  /** Bytes that are being fetched. */
  public int lengthBytes() {
    return pages * PageWord.PAGE_BYTES;
  }

  /**
   * T9: becomes the only fetcher of a page, and asks for its bytes. If that throws, the page is
   * REMOTE again and the frames are given back.
   *
   * @param word REMOTE, paging path
   * @param firstFrame in hand; this fetch's from here on, also if this answers false
   * @param runPages pages of the run that the page heads; 1 for a page of small objects
   * @return false if the page has changed; the frames are given back
   */
  public boolean begin(Reason why, long headPage, long word, int firstFrame, int runPages) {
    if (!pageTable.startFetch(headPage, word)) {
      memory.giveFrames(firstFrame, runPages);
      return false;
    }
    reason = why;
    page = headPage;
    frame = firstFrame;
    pages = runPages;
    boolean asked = false;
    try {
      trip.read(FarAddress.ofPage(headPage), memory.frameRawAddress(firstFrame), lengthBytes());
      asked = true;
    } finally {
      if (!asked) {
        giveUp();
      }
    }
    return true;
  }

  /**
   * Maps the page if its bytes are there, and gives it up otherwise; wakes who waits for it.
   *
   * @return whether it is mapped; it may be anywhere again by now
   */
  public boolean finish() {
    if (!arrived()) {
      return false;
    }
    for (int i = pages - 1; i >= 0; i--) {
      frameTable.assign(frame + i, page + i, true);
    }
    if (reason == Reason.AHEAD) {
      frameTable.markAhead(frame);
    }
    pageTable.endFetch(page, frame, reason == Reason.MISS);
    farPages.fetchEnded(page);
    return true;
  }

  /** Ends the trip; unless the bytes are there, the page is given up. */
  private boolean arrived() {
    boolean arrived = false;
    boolean over = false;
    try {
      arrived = trip.end() == PageTrip.Status.DONE;
      over = true;
    } finally {
      if (!arrived) {
        giveUp(over);
      }
    }
    return arrived;
  }

  /** Ends a trip that may be of another page, since this one's was never asked for. */
  private void giveUp() {
    boolean over = false;
    try {
      PageTrip.Status _ = trip.end();
      over = true;
    } finally {
      giveUp(over);
    }
  }

  /**
   * T11: the page is remote again.
   *
   * @param over whether no byte lands in the frames any more; otherwise they are nobody's for good
   */
  private void giveUp(boolean over) {
    pageTable.giveUpFetch(page);
    if (over) {
      memory.giveFrames(frame, pages);
    }
    farPages.fetchEnded(page);
  }
}
