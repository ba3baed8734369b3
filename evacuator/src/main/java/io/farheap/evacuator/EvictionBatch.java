package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageWord;

/** The pages that one round of eviction took out of use, with what the evictor knows of each. */
final class EvictionBatch {
  private final long[] pages;
  private final long[] words;
  private final int[] lengths;
  private final boolean[] dead;
  private final boolean[] sparse;
  private final boolean[] paging;
  private final boolean[] writing;
  private int size;

  EvictionBatch(int capacity) {
    pages = new long[capacity];
    words = new long[capacity];
    lengths = new int[capacity];
    dead = new boolean[capacity];
    sparse = new boolean[capacity];
    paging = new boolean[capacity];
    writing = new boolean[capacity];
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  boolean full() {
    return size == pages.length;
  }

  /**
   * Unmaps a page (T2) and adds it.
   *
   * @param word its LOCAL word, W clear
   * @return number of frames on their way out; 0 if the page changed meanwhile
   */
  int unmap(HeapMemory memory, long page, long word) {
    // Both are read before the unmapping: only what was dead before the grace period is dead to
    // every reader after it, and a run is whole for as long as its head does not change.
    boolean wasDead = memory.segments().pageLive(page) == 0;
    int length = memory.runPages(page);
    long leaving = memory.pageTable().unmap(page, word);
    if (leaving == 0) {
      return 0;
    }
    pages[size] = page;
    words[size] = leaving;
    lengths[size] = length;
    dead[size] = wasDead;
    sparse[size] = false;
    writing[size] = false;
    size++;
    return length;
  }

  long page(int i) {
    return pages[i];
  }

  /** The word under which the page was unmapped, with W once its write started. */
  long word(int i) {
    return words[i];
  }

  void word(int i, long word) {
    words[i] = word;
  }

  int frame(int i) {
    return PageWord.frame(words[i]);
  }

  /** Pages of the run; 1 for a page of small objects. */
  int length(int i) {
    return lengths[i];
  }

  /** Whether the page was closed and without live bytes before it was unmapped. */
  boolean dead(int i) {
    return dead[i];
  }

  /** Whether some objects of the page are accessed, but too few to keep it for them. */
  boolean sparse(int i) {
    return sparse[i];
  }

  /** The page added last is sparse. */
  void lastIsSparse() {
    sparse[size - 1] = true;
  }

  boolean paging(int i) {
    return paging[i];
  }

  void paging(int i, boolean value) {
    paging[i] = value;
  }

  boolean writing(int i) {
    return writing[i];
  }

  void writing(int i, boolean value) {
    writing[i] = value;
  }
}
