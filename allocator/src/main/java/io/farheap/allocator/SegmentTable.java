package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The segments of far address space, and the live bytes of each page.
 *
 * <pre>
 *   FREE ──take──► OPEN ──close──► CLOSED ◄──startCleaning / endCleaning──► CLEANING
 *    ▲                               │
 *    └──free── PENDING ◄───retire────┘
 * </pre>
 *
 * A closed segment without live bytes goes to PENDING, where it waits for old scopes. States change
 * through these methods only, and any other transition throws.
 *
 * <p>A page's live count holds {@link #OPEN_PAGE} as well while objects may still be added to it,
 * so that 0 means closed and dead. It is changed by atomic adds; whoever brings it to 0 notes the
 * segment as a candidate for recycling.
 */
public final class SegmentTable {
  /** Base-2 logarithm of a segment's size in bytes. */
  private static final int SEGMENT_SHIFT = 18;

  /** Bytes of a segment. */
  public static final int SEGMENT_BYTES = 1 << SEGMENT_SHIFT;

  /** Base-2 logarithm of the number of pages in a segment. */
  private static final int SEGMENT_PAGE_SHIFT = SEGMENT_SHIFT - PageWord.PAGE_SHIFT;

  /** Pages of a segment. */
  public static final int SEGMENT_PAGES = 1 << SEGMENT_PAGE_SHIFT;

  /** Most free segments that are for cold objects alone. */
  private static final int MOST_RESERVED = 2;

  /** One free segment is reserved for so many. */
  private static final int SEGMENTS_PER_RESERVED = 16;

  /** No segment: none is free. */
  public static final int NONE = -1;

  /** Part of the live count of a page to which objects may still be added. */
  public static final int OPEN_PAGE = 1 << 30;

  /** State of a segment. */
  public enum State {
    /** Holds nothing. */
    FREE,
    /** Takes allocations. */
    OPEN,
    /** Full; its objects may die or be fetched away. */
    CLOSED,
    /** The evacuator is moving its objects out; nobody else frees its pages meanwhile. */
    CLEANING,
    /** Dead; waits for scopes that may still look at it. */
    PENDING
  }

  private final int segments;
  private final int segmentsPerSlab;
  private final int reserved;
  private final SlabSource source;
  private final AtomicReferenceArray<State> states;
  private final Heat[] heats;
  private final int[] runLengths;
  private final int[] filledBytes;
  private final AtomicLongArray candidates;
  private final NativeRegion liveCounts;
  private final long liveBase;

  private final ReentrantLock freeLock = new ReentrantLock();
  private final BitSet free = new BitSet();
  private int freeCount;
  private final ReentrantLock growLock = new ReentrantLock();
  private volatile int slabs;

  /**
   * A table without slabs.
   *
   * @param farBytes far address space in bytes, a multiple of the slab size
   * @param slabBytes size of a slab, a multiple of {@link #SEGMENT_BYTES}
   * @param source asked for slabs as they are needed
   */
  public SegmentTable(long farBytes, long slabBytes, SlabSource source) {
    this.segments = Math.toIntExact(farBytes >>> SEGMENT_SHIFT);
    this.segmentsPerSlab = Math.toIntExact(slabBytes >>> SEGMENT_SHIFT);
    this.reserved = Math.min(MOST_RESERVED, segments / SEGMENTS_PER_RESERVED);
    this.source = source;
    this.states = new AtomicReferenceArray<>(segments);
    for (int i = 0; i < segments; i++) {
      states.setPlain(i, State.FREE);
    }
    this.heats = new Heat[segments];
    this.runLengths = new int[segments];
    this.filledBytes = new int[segments];
    this.candidates = new AtomicLongArray((segments + Long.SIZE - 1) / Long.SIZE);
    this.liveCounts =
        NativeRegion.reserve(((long) segments << SEGMENT_PAGE_SHIFT) * Integer.BYTES, true);
    this.liveBase = liveCounts.rawAddress();
  }

  /** Number of segments of far address space. */
  public int segments() {
    return segments;
  }

  /** Number of neighbouring segments of the longest run that an empty heap has room for. */
  public int longestRun() {
    boolean oneSlab = segments == segmentsPerSlab;
    // The first segment of all is never used.
    return Math.min(oneSlab ? segments - 1 : segmentsPerSlab, segments - 1 - reserved);
  }

  /** First page of a segment. */
  public static long firstPage(int segment) {
    return (long) segment << SEGMENT_PAGE_SHIFT;
  }

  /** Segment of a page. */
  public static int segmentOf(long page) {
    return (int) (page >>> SEGMENT_PAGE_SHIFT);
  }

  /** State of a segment. */
  public State state(int segment) {
    return states.get(segment);
  }

  /** Heat of a segment; meaningful unless FREE. */
  public Heat heat(int segment) {
    return heats[segment];
  }

  /** Length in segments of the run that starts here; 0 for a segment inside a run. */
  public int runLength(int segment) {
    return runLengths[segment];
  }

  /** Bytes of the objects that were put into a segment, living and dead, headers included. */
  public int filledBytes(int segment) {
    return filledBytes[segment];
  }

  /** Its log buffer, which alone fills a segment, puts an object into it. */
  void fill(int segment, int footprintBytes) {
    filledBytes[segment] += footprintBytes;
  }

  private void change(int segment, State from, State to) {
    if (!states.compareAndSet(segment, from, to)) {
      throw new IllegalStateException(
          "segment "
              + segment
              + " is "
              + state(segment)
              + " and cannot go from "
              + from
              + " to "
              + to);
    }
  }

  /** Takes a free segment: FREE → OPEN. Answers {@link #NONE} if a slab must be added first. */
  public int take(Heat heat) {
    return takeRun(1, heat);
  }

  /**
   * Takes neighbouring free segments inside one slab. The last one or two are for cold objects
   * alone: only the evacuator makes those, and needs a segment to give several back.
   *
   * @return the first, or {@link #NONE}
   */
  public int takeRun(int length, Heat heat) {
    freeLock.lock();
    try {
      if (heat != Heat.COLD && freeCount - length < reserved) {
        return NONE;
      }
      int first = findRun(length);
      if (first == NONE) {
        return NONE;
      }
      free.clear(first, first + length);
      freeCount -= length;
      for (int i = 0; i < length; i++) {
        change(first + i, State.FREE, State.OPEN);
        heats[first + i] = heat;
        filledBytes[first + i] = 0;
        runLengths[first + i] = i == 0 ? length : 0;
      }
      return first;
    } finally {
      freeLock.unlock();
    }
  }

  private int findRun(int length) {
    int from = free.nextSetBit(0);
    while (from >= 0) {
      int to = free.nextClearBit(from);
      int slabEnd = (from / segmentsPerSlab + 1) * segmentsPerSlab;
      if (Math.min(to, slabEnd) - from >= length) {
        return from;
      }
      from = free.nextSetBit(Math.min(to, slabEnd));
    }
    return NONE;
  }

  /**
   * Adds a slab unless somebody else just did. May take a network trip.
   *
   * @param seenSlabs {@link #slabs()} when the caller found no segment
   * @return false if far memory is full
   */
  public boolean grow(int seenSlabs) {
    growLock.lock();
    try {
      int slab = slabs;
      if (slab != seenSlabs) {
        return true;
      }
      if ((slab + 1) * segmentsPerSlab > segments || !source.addSlab(slab)) {
        return false;
      }
      int first = slab * segmentsPerSlab;
      freeLock.lock();
      try {
        free.set(first, first + segmentsPerSlab);
        freeCount += segmentsPerSlab;
        if (slab == 0) {
          free.clear(0); // far address 0 means none
          freeCount--;
        }
        slabs = slab + 1;
      } finally {
        freeLock.unlock();
      }
      return true;
    } finally {
      growLock.unlock();
    }
  }

  /** Number of slabs added so far. */
  public int slabs() {
    return slabs;
  }

  /** Live bytes of all segments, headers included; a racy sum. */
  public long liveBytes() {
    long sum = 0;
    for (int segment = 0; segment < slabs * segmentsPerSlab; segment++) {
      if (state(segment) != State.FREE) {
        sum += segmentLiveBytes(segment);
      }
    }
    return sum;
  }

  /** Number of segments that take allocations; a racy count. */
  public int openSegments() {
    int open = 0;
    for (int segment = 0; segment < slabs * segmentsPerSlab; segment++) {
      if (state(segment) == State.OPEN) {
        open++;
      }
    }
    return open;
  }

  /** Pages of the slabs added so far. */
  public long pagesInSlabs() {
    return (long) slabs * segmentsPerSlab * SEGMENT_PAGES;
  }

  /** Segments in slabs added so far that hold nothing. */
  public int freeSegments() {
    freeLock.lock();
    try {
      return freeCount;
    } finally {
      freeLock.unlock();
    }
  }

  /** Of the {@link #freeSegments} those that are not reserved for cold objects. */
  public int unreservedSegments() {
    return Math.max(0, freeSegments() - reserved);
  }

  /** As {@link #unreservedSegments}, without the lock: a hint, that may be old. */
  @SuppressWarnings("GuardedBy") // an old value does
  public int unreservedSegmentsHint() {
    return freeCount - reserved;
  }

  /** Segments that hold something, or wait to be freed. */
  public int usedSegments() {
    freeLock.lock();
    try {
      int given = slabs * segmentsPerSlab - (slabs > 0 ? 1 : 0);
      return given - freeCount;
    } finally {
      freeLock.unlock();
    }
  }

  /** OPEN → CLOSED for a segment or for every segment of the run that starts here. */
  public void close(int segment) {
    for (int i = 0; i < runLengths[segment]; i++) {
      change(segment + i, State.OPEN, State.CLOSED);
    }
    noteCandidate(segment);
  }

  /** CLOSED → CLEANING. */
  public void startCleaning(int segment) {
    change(segment, State.CLOSED, State.CLEANING);
  }

  /** CLEANING → CLOSED: all of its objects are elsewhere, or the rest has to stay for now. */
  public void endCleaning(int segment) {
    change(segment, State.CLEANING, State.CLOSED);
    noteCandidate(segment);
  }

  /** CLOSED → PENDING, for a segment or run without live bytes. */
  public void retire(int segment) {
    for (int i = 0; i < runLengths[segment]; i++) {
      change(segment + i, State.CLOSED, State.PENDING);
    }
  }

  /** PENDING → FREE, for a segment or run whose pages are all FREE. */
  public void free(int segment) {
    int length = runLengths[segment];
    for (int i = 0; i < length; i++) {
      change(segment + i, State.PENDING, State.FREE);
    }
    freeLock.lock();
    try {
      free.set(segment, segment + length);
      freeCount += length;
    } finally {
      freeLock.unlock();
    }
  }

  /** Live bytes of a page, headers included; {@link #OPEN_PAGE} is part of it while it is open. */
  public int pageLive(long page) {
    return NativeMemory.getIntAcquire(liveAddress(page));
  }

  /** Live bytes of a page without the open mark. */
  public int pageLiveBytes(long page) {
    return pageLive(page) & (OPEN_PAGE - 1);
  }

  /** Objects may be added to a page from here on. */
  public void openPage(long page) {
    NativeMemory.addInt(liveAddress(page), OPEN_PAGE);
  }

  /** No object is added to a page any more. */
  public void closePage(long page) {
    subtract(page, OPEN_PAGE);
  }

  /** An object arrives on an open page. */
  public void addLive(long page, int footprintBytes) {
    NativeMemory.addInt(liveAddress(page), footprintBytes);
  }

  /** An object of the page died or lives elsewhere now. */
  public void removeLive(long page, int footprintBytes) {
    subtract(page, footprintBytes);
  }

  private void subtract(long page, int amount) {
    int before = NativeMemory.addInt(liveAddress(page), -amount);
    if (before < amount) {
      throw new IllegalStateException("page " + page + " has " + before + " live, not " + amount);
    }
    if (before == amount) {
      noteCandidate(segmentOf(page));
    }
  }

  private long liveAddress(long page) {
    return liveBase + page * Integer.BYTES;
  }

  /** Whether no page of the segment or run has live bytes or is open. */
  public boolean isDead(int segment) {
    long first = firstPage(segment);
    long end = first + ((long) runLengths[segment] << SEGMENT_PAGE_SHIFT);
    for (long page = first; page < end; page++) {
      if (pageLive(page) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Live bytes of a segment. */
  public int segmentLiveBytes(int segment) {
    long first = firstPage(segment);
    int sum = 0;
    for (long page = first; page < first + SEGMENT_PAGES; page++) {
      sum += pageLiveBytes(page);
    }
    return sum;
  }

  private void noteCandidate(int segment) {
    int word = segment >>> 6;
    long bit = 1L << segment;
    while (true) {
      long now = candidates.get(word);
      if ((now & bit) != 0 || candidates.compareAndSet(word, now, now | bit)) {
        return;
      }
    }
  }

  /**
   * Takes the next segment that may have died since it was last looked at.
   *
   * @param from where to look first
   * @return a segment, or {@link #NONE} if there is none from there on
   */
  public int takeCandidate(int from) {
    for (int word = from >>> 6; word < candidates.length(); word++) {
      long now = candidates.get(word);
      if (word == from >>> 6) {
        now &= -1L << from;
      }
      if (now != 0) {
        int bit = Long.numberOfTrailingZeros(now);
        candidates.getAndUpdate(word, w -> w & ~(1L << bit));
        return (word << 6) + bit;
      }
    }
    return NONE;
  }

  /** Bytes of this table that grow with far memory in use. */
  public long bytes() {
    return pagesInSlabs() * Integer.BYTES;
  }

  /** Gives the live counts' memory back. */
  public void decommit() {
    liveCounts.decommit();
  }
}
