package io.farheap.internal.far;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageFetch;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.Relocation;

/**
 * One miss that is under way: of a page, which comes into frames, or of an object, which comes into
 * the log. Used again and again; it belongs to one thread at a time.
 */
public final class Miss {
  private final TransportTrip trip;
  private final PageFetch page;
  private final Relocation object;
  private boolean paging;
  private long startNanos;

  /** One that is not under way. */
  public Miss(HeapMemory memory, TransportPages farPages) {
    this.trip = farPages.trip();
    this.page = new PageFetch(memory, farPages, trip);
    this.object = new Relocation(memory);
  }

  /**
   * Asks for a page, or a large object's run of pages; does not wait.
   *
   * @param word REMOTE, paging path
   * @param firstFrame in hand; the miss's from here on, also if this answers false
   * @param nowNanos by the heap's clock
   * @return false if the page may be anywhere by now
   */
  public boolean askForPage(long farPage, long word, int firstFrame, int pages, long nowNanos) {
    paging = true;
    startNanos = nowNanos;
    return page.begin(PageFetch.Reason.MISS, farPage, word, firstFrame, pages);
  }

  /**
   * Asks for the body of an object, whose relocation was begun; does not wait. If it throws, the
   * room in the log is given up.
   *
   * @param nowNanos by the heap's clock
   */
  public void askForObject(long nowNanos) {
    paging = false;
    startNanos = nowNanos;
    boolean asked = false;
    try {
      trip.read(
          object.sourceFarAddress() + ObjectHeader.BYTES,
          object.bodyRawAddress(),
          object.bodyBytes());
      asked = true;
    } finally {
      if (!asked) {
        giveUpObject();
      }
    }
  }

  private void giveUpObject() {
    PageTrip.Status _ = trip.end(); // bytes may land in the room if this throws: it stays pinned
    object.abandon();
  }

  /** Ends it: what came is mapped or installed, of what did not come nothing is left. */
  public void finish() {
    if (paging) {
      boolean _ = page.finish();
    } else if (trip.end() == PageTrip.Status.DONE) {
      boolean _ = object.install(true);
    } else {
      object.abandon();
    }
  }

  /** The way of what comes, also for the ranges of large objects, which come without a miss. */
  public TransportTrip trip() {
    return trip;
  }

  /** The move of the object that comes, to be begun before it is asked for. */
  public Relocation object() {
    return object;
  }

  /** Whether a page comes, rather than an object. */
  public boolean paging() {
    return paging;
  }

  /** When it was asked for. */
  public long startNanos() {
    return startNanos;
  }
}
