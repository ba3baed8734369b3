package io.farheap.evacuator;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;

/**
 * The pages that are immutable sources of copies. One whose objects are all elsewhere is given back
 * after another grace period, since who read a record before it changed may still read the frame.
 */
final class QuietPages {
  private final HeapMemory memory;
  private final SegmentTable segments;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final ReclaimListener listener;
  private final long[] pages;
  private final boolean[] draining;
  private int size;

  QuietPages(HeapMemory memory, int capacity, ReclaimListener listener) {
    this.memory = memory;
    this.segments = memory.segments();
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.listener = listener;
    this.pages = new long[capacity];
    this.draining = new boolean[capacity];
  }

  int size() {
    return size;
  }

  boolean full() {
    return size == pages.length;
  }

  /** A page that was just made quiet. */
  void add(long page) {
    pages[size] = page;
    draining[size] = false;
    size++;
  }

  long page(int i) {
    return pages[i];
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
      if (!draining[i] || !recycle(pages[i])) {
        pages[kept] = pages[i];
        draining[kept] = false;
        kept++;
      }
    }
    size = kept;
  }

  private boolean recycle(long page) {
    long word = pageTable.load(page);
    int frame = PageWord.frame(word);
    if (frameTable.pins(frame) > 0 || !pageTable.recycle(page, word)) {
      return false;
    }
    memory.giveFrame(frame);
    listener.recycled(1);
    return true;
  }
}
