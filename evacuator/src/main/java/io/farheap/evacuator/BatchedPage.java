package io.farheap.evacuator;

import io.farheap.allocator.PageTrip;

/** A page, or a run of pages, that an agent works on, with its way to or from far memory. */
class BatchedPage {
  /** This entry's way, whatever page the entry is of. */
  final PageTrip trip;

  long page;

  /** The page's word as the agent left it. */
  long word;

  /** The frame that its bytes are in, or will be; the first of a run's. */
  int frame;

  /** Pages of the run that it heads; 1 for a page of small objects. */
  int length;

  /** Whether its bytes are on their way. */
  boolean travelling;

  BatchedPage(PageTrip trip) {
    this.trip = trip;
  }

  void set(long newPage, long newWord, int newFrame, int newLength) {
    page = newPage;
    word = newWord;
    frame = newFrame;
    length = newLength;
    travelling = false;
  }
}
