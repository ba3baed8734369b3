package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.SegmentTable;

/**
 * The pages, and runs of pages, that are immutable sources of copies. One whose objects are all
 * elsewhere is given back after another grace period, since who read a record before it changed may
 * still read the frame.
 */
final class QuietPages {
  private final HeapMemory memory;
  private final SegmentTable segments;
  private final ReclaimListener listener;
  private final long[] pages;
  private final int[] lengths;
  private final boolean[] draining;
  private int size;

  QuietPages(HeapMemory memory, int capacity, ReclaimListener listener) {
    this.memory = memory;
    this.segments = memory.segments();
    this.listener = listener;
    this.pages = new long[capacity];
    this.lengths = new int[capacity];
    this.draining = new boolean[capacity];
  }

  int size() {
    return size;
  }

  /** How many more there is room for. */
  int room() {
    return pages.length - size;
  }

  /** A page, or the head of a run, that was just made quiet. */
  void add(long page, int length) {
    pages[size] = page;
    lengths[size] = length;
    draining[size] = false;
    size++;
  }

  long page(int i) {
    return pages[i];
  }

  /** Pages of the run; 1 for a page of small objects. */
  int length(int i) {
    return lengths[i];
  }

  /** Whether one of them lies in a segment. */
  boolean anyOf(int segment) {
    for (int i = 0; i < size; i++) {
      if (SegmentTable.segmentOf(pages[i]) == segment) {
        return true;
      }
    }
    return false;
  }

  /** Before a grace period: notes which pages are dead now. Answers how many. */
  int startDraining() {
    int dead = 0;
    for (int i = 0; i < size; i++) {
      draining[i] = segments.pageLive(pages[i]) == 0;
      dead += draining[i] ? 1 : 0;
    }
    return dead;
  }

  /** After it: gives their frames back. */
  void endDraining() {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!draining[i] || !recycle(pages[i], lengths[i])) {
        pages[kept] = pages[i];
        lengths[kept] = lengths[i];
        draining[kept] = false;
        kept++;
      }
    }
    size = kept;
  }

  private boolean recycle(long page, int length) {
    boolean recycled = memory.recycleRun(page, memory.pageTable().load(page), length);
    if (recycled) {
      listener.recycled(length);
    }
    return recycled;
  }
}
