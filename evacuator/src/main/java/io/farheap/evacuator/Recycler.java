package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Frees segments in which nothing lives any more.
 *
 * <pre>
 *            dead segments retired         grace passed
 *   COLLECT ───────────────────────► GRACE ─────────────► COLLECT
 * </pre>
 *
 * <p>A segment that is still being written, fetched or pinned somewhere is tried again later.
 */
public final class Recycler implements Agent {
  private static final int BATCH = 64;

  private final HeapMemory memory;
  private final SegmentTable segments;
  private final PageTable pageTable;
  private final ReclaimListener listener;
  private final Grace grace;
  private final int[] pending = new int[BATCH];
  private int pendingCount;
  private boolean inGrace;
  private int next;

  private final AtomicLong quietRounds = new AtomicLong();

  /** Wires a recycler; it does nothing until it is stepped. */
  public Recycler(HeapMemory memory, ReclaimListener listener, LongSupplier clock) {
    this.memory = memory;
    this.segments = memory.segments();
    this.pageTable = memory.pageTable();
    this.listener = listener;
    this.grace = new Grace(memory.epochs(), clock, listener);
  }

  /**
   * How often a look at all candidates found nothing to free. Who reads it twice and sees it two
   * higher knows that a whole look has passed in between.
   */
  public long quietRounds() {
    return quietRounds.get();
  }

  @Override
  public int doWork() {
    if (inGrace) {
      return grace.passed() ? afterGrace() : 0;
    }
    return collect();
  }

  private int collect() {
    int found = 0;
    while (pendingCount < BATCH) {
      int segment = segments.takeCandidate(next);
      if (segment == SegmentTable.NONE) {
        next = 0;
        break;
      }
      next = segment + 1 == segments.segments() ? 0 : segment + 1;
      if (segments.state(segment) == SegmentTable.State.CLOSED
          && segments.runLength(segment) > 0
          && segments.isDead(segment)) {
        segments.retire(segment);
        pending[pendingCount++] = segment;
        found++;
      }
    }
    if (pendingCount > 0) {
      grace.start();
      inGrace = true;
    } else {
      quietRounds.incrementAndGet();
    }
    return found;
  }

  private int afterGrace() {
    inGrace = false;
    int kept = 0;
    int freed = 0;
    for (int i = 0; i < pendingCount; i++) {
      int segment = pending[i];
      int length = segments.runLength(segment);
      if (freePages(segment, length)) {
        segments.free(segment);
        listener.segmentFreed(length);
        freed++;
      } else {
        pending[kept++] = segment;
      }
    }
    pendingCount = kept;
    return freed;
  }

  private boolean freePages(int segment, int length) {
    long first = SegmentTable.firstPage(segment);
    long end = first + (long) length * SegmentTable.SEGMENT_PAGES;
    boolean allFree = true;
    long page = first;
    while (page < end) {
      int pages = memory.runPages(page);
      allFree &= freeRun(page, pages);
      page += pages;
    }
    return allFree;
  }

  private boolean freeRun(long page, int pages) {
    long word = pageTable.load(page);
    int state = PageWord.state(word);
    if (state == PageWord.FREE) {
      return true;
    }
    boolean freed = memory.recycleRun(page, word, pages);
    if (freed && state != PageWord.REMOTE) {
      listener.recycled(pages);
    }
    return freed;
  }
}
