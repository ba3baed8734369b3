package io.farheap.allocator;

/**
 * Where pages go out to and come in from. A page's far place follows from its far address; what
 * lies behind is not the heap structures' business.
 */
public interface FarPages {
  /** A new trip, not under way. */
  PageTrip trip();

  /** Sends what trips were asked for. */
  void flush();

  /**
   * Whether far memory still has what was written or read before, as far as is known; otherwise a
   * page goes out anew though nobody has changed it.
   */
  default boolean has(long farAddress, int lengthBytes) {
    return true;
  }

  /** A page is FETCHING no more, whatever came of it: wakes who waits for it. */
  void fetchEnded(long page);
}
