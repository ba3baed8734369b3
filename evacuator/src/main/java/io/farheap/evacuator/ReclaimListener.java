package io.farheap.evacuator;

/** Told what goes out, for statistics and for reports of what stands in the way. */
public interface ReclaimListener {
  /**
   * A page, or a large object's run of pages, left local memory.
   *
   * @param pages how many pages
   * @param written whether it had to be written; otherwise it was clean and dropped
   * @param paging the path selector flag that it got
   * @param fetched whether it had come in by the paging path
   * @param touchedBytes how much of it was used meanwhile
   */
  void left(int pages, boolean written, boolean paging, boolean fetched, int touchedBytes);

  /** A page on its way out was taken back by a dereference or kept for its pins. */
  void kept();

  /** A dead page gave its frames back without being written. */
  void recycled(int pages);

  /** A page moved to another frame, to empty a window. */
  void moved();

  /** A grace period is over. */
  void gracePassed(long nanos);

  /**
   * A scope holds a grace period up.
   *
   * @param slot its epoch slot
   * @param nanos for how long so far
   */
  void scopeHolds(int slot, long nanos);

  /** A page could not be written; it stays, and is tried again. */
  void writeFailed(long page);

  /** A page came back from far memory with an object's header other than it was written. */
  void damaged(long page);

  /** A batch's writes ended. */
  void written(int pages, long nanos);

  /** A dead segment, or run of segments, is free again. */
  void segmentFreed(int segments);

  /** Accessed objects of a page that went out were kept. */
  void survived(int objects, long bytes);

  /** The evacuator moved objects off a page. */
  void evacuated(int objects, long bytes);

  /** The evacuator read bytes from far memory. */
  void evacuatorRead(long bytes);

  /** The evacuator worked for so long. */
  void evacuatorRan(long nanos);
}
