package io.farheap.evacuator;

import io.farheap.allocator.FarPages;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageFetch;

/** A page whose objects are moved off it. */
final class EmptiedPage extends BatchedPage {
  /** What is being done with it. */
  enum Kind {
    /** Unmapped; its objects are copied out of its frame. */
    LOCAL,
    /** Remote and immutable; its objects are copied out of a frame that holds a copy of it. */
    REMOTE,
    /** Being fetched by the paging path; once it is here, it is {@link #LOCAL}. */
    FETCH
  }

  Kind kind;

  /** Its bytes did not come. */
  boolean failed;

  /** Uses the entry's way. */
  final PageFetch fetch;

  EmptiedPage(HeapMemory memory, FarPages farPages) {
    super(farPages.trip());
    this.fetch = new PageFetch(memory, farPages, trip);
  }

  void set(Kind newKind, long newPage, long newWord, int newFrame, int newLength) {
    set(newPage, newWord, newFrame, newLength);
    kind = newKind;
    failed = false;
  }
}
