package io.farheap.evacuator;

/** The pages that one round of evacuation works on. */
final class EvacuationBatch {
  /** What is being done with a page. */
  enum Kind {
    /** Unmapped; its objects are copied out of its frame. */
    LOCAL,
    /** Remote and immutable; its objects are copied out of a frame that holds a copy of it. */
    REMOTE,
    /** Being fetched by the paging path; another round finds it local. */
    FETCH
  }

  private final Kind[] kinds;
  private final long[] pages;
  private final long[] words;
  private final int[] frames;
  private final int[] lengths;
  private final boolean[] reading;
  private final boolean[] failed;
  private int size;

  EvacuationBatch(int capacity) {
    kinds = new Kind[capacity];
    pages = new long[capacity];
    words = new long[capacity];
    frames = new int[capacity];
    lengths = new int[capacity];
    reading = new boolean[capacity];
    failed = new boolean[capacity];
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
   * Adds a page.
   *
   * @param word its word as the evacuator left it
   * @param frame where its bytes are, or will be
   * @param length pages of the run that it heads; 1 for a page of small objects
   */
  void add(Kind kind, long page, long word, int frame, int length) {
    kinds[size] = kind;
    pages[size] = page;
    words[size] = word;
    frames[size] = frame;
    lengths[size] = length;
    reading[size] = kind != Kind.LOCAL;
    failed[size] = false;
    size++;
  }

  Kind kind(int i) {
    return kinds[i];
  }

  long page(int i) {
    return pages[i];
  }

  long word(int i) {
    return words[i];
  }

  int frame(int i) {
    return frames[i];
  }

  int length(int i) {
    return lengths[i];
  }

  /** Whether its bytes are still on their way. */
  boolean reading(int i) {
    return reading[i];
  }

  /** Its bytes are here, or will not come. */
  void readEnded(int i, boolean arrived) {
    reading[i] = false;
    failed[i] = !arrived;
  }

  boolean failed(int i) {
    return failed[i];
  }
}
