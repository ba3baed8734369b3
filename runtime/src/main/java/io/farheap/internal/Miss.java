package io.farheap.internal;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageFetch;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.Relocation;

/**
 * One miss that is under way: of a page, which comes into frames, or of an object, which comes into
 * the log. Used again and again; it belongs to one thread at a time.
 */
final class Miss {
  final TransportTrip trip;
  final PageFetch page;
  final Relocation object;

  /** Which of the two comes. */
  boolean paging;

  /** When it was asked for. */
  long startNanos;

  Miss(HeapMemory memory, TransportPages farPages) {
    this.trip = farPages.trip();
    this.page = new PageFetch(memory, farPages, trip);
    this.object = new Relocation(memory);
  }

  /** Ends the miss of an object that was never asked for. */
  void giveUpObject() {
    PageTrip.Status _ = trip.end(); // bytes may land in the room if this throws: it stays pinned
    object.abandon();
  }

  /** Ends it: what came is mapped or installed, of what did not come nothing is left. */
  void finish() {
    if (paging) {
      boolean _ = page.finish();
    } else if (trip.end() == PageTrip.Status.DONE) {
      boolean _ = object.install(true);
    } else {
      object.abandon();
    }
  }
}
