package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;

/**
 * The access bits of a page's objects. A bit must not outlive the cards that it stands for, so that
 * whoever clears cards clears the bits; the clock hand clears the bits alone, to see which objects
 * are accessed in its next turn.
 */
final class AccessMarks {
  private final RecordTable records;
  private final PageWalk walk;

  AccessMarks(HeapMemory memory, ReclaimListener listener) {
    this.records = memory.records();
    this.walk = new PageWalk(memory, listener);
  }

  /** Bytes of the page's objects whose access bit is set, headers included. */
  int accessedBytes(long page, int frame) {
    int sum = 0;
    walk.startMarked(page, frame);
    while (walk.next()) {
      if (PlaceWord.accessed(walk.place())) {
        sum += walk.footprint();
      }
    }
    return sum;
  }

  /** Clears the access bits of a page's objects, whose bytes are in the frame. */
  void clear(long page, int frame) {
    walk.startMarked(page, frame);
    while (walk.next()) {
      if (PlaceWord.accessed(walk.place())) {
        records.clearAccess(walk.index(), walk.place());
      }
    }
  }
}
