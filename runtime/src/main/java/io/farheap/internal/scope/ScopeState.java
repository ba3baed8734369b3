package io.farheap.internal.scope;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.base.memory.NativeMemory;
import io.farheap.internal.far.Miss;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What an open scope keeps: one per epoch slot, used by whoever leases the slot.
 *
 * <p>All fields belong to the leasing thread, and pass from one lease to the next by the slot's own
 * release and compare-and-set. Only {@link #owner} is also looked at by others, who can do with an
 * old value.
 */
public class ScopeState {
  private static final int LOG_ENTRIES = 256;

  /** More pages than these are not kept for the slot's next scope. */
  private static final int MOST_KEPT_ENTRIES = 4096;

  /** From so many pages on repetitions are dropped before there is room for more. */
  private static final int COMPACT_FROM_ENTRIES = 1 << 16;

  private static final long[] NO_PAGES = new long[0];
  private static final int[] NO_PINS = new int[0];

  final int slot;

  private Miss miss;

  volatile Thread owner;

  /** The last pages dereferenced; a full log is appended to {@link #kept} and starts again. */
  private final long[] log = new long[LOG_ENTRIES];

  /** Entries of the log. */
  private int logged;

  private long[] kept = NO_PAGES;
  private int keptCount;

  /** Dereferences that are in the log no more, for statistics. */
  private long earlierDereferences;

  /** The pages of the log, each once, from {@link #preparePins} to {@link #pinLog}. */
  private long[] toPin = NO_PAGES;

  private int[] pinnedFrames = NO_PINS;
  private int pinCount;

  private Arena arena;
  private MemorySegment readable;
  private MemorySegment writable;

  ScopeState(int slot) {
    this.slot = slot;
  }

  void begin(Thread thread) {
    owner = thread;
  }

  /** The epoch slot whose scope this is. */
  public int slot() {
    return slot;
  }

  /** The miss of this slot's scope, once there was one; a scope waits for one at a time. */
  public Miss miss() {
    return miss;
  }

  /** Gives the slot's scopes their miss. */
  public void keep(Miss newMiss) {
    miss = newMiss;
  }

  /** The frame pool as a segment that lives as long as the scope; null before its first use. */
  public MemorySegment readable() {
    return readable;
  }

  /** As {@link #readable}, for writing. */
  public MemorySegment writable() {
    return writable;
  }

  /** Whether this scope is the calling thread's. */
  public boolean mine() {
    return ownedBy(Thread.currentThread());
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself
  boolean ownedBy(Thread thread) {
    return owner == thread;
  }

  /** Whether {@link #keepLog} has to come before the next {@link #log}. */
  public boolean logFull() {
    return logged == LOG_ENTRIES;
  }

  /** Notes a page that the scope may reach from now on; the log is not full. */
  public void log(long page) {
    log[logged++] = page;
  }

  /** Notes a page, and leaves room for another. */
  public void logAndMakeRoom(long page) {
    if (logFull()) {
      keepLog();
    }
    log(page);
    if (logFull()) {
      keepLog();
    }
  }

  /** Makes room in a full log. */
  public void keepLog() {
    if (keptCount + LOG_ENTRIES > kept.length) {
      if (keptCount >= COMPACT_FROM_ENTRIES) {
        keptCount = sortOutRepetitions(kept, keptCount);
      }
      if (keptCount + LOG_ENTRIES > kept.length / 2) {
        kept = Arrays.copyOf(kept, Math.max(4 * LOG_ENTRIES, 2 * kept.length));
      }
    }
    System.arraycopy(log, 0, kept, keptCount, LOG_ENTRIES);
    keptCount += LOG_ENTRIES;
    earlierDereferences += LOG_ENTRIES;
    logged = 0;
  }

  /** The pages dereferenced since the log was emptied, each once. */
  long[] unpinnedPages() {
    long[] pages = Arrays.copyOf(kept, keptCount + logged);
    System.arraycopy(log, 0, pages, keptCount, logged);
    return Arrays.copyOf(pages, sortOutRepetitions(pages, pages.length));
  }

  private static int sortOutRepetitions(long[] pages, int count) {
    Arrays.sort(pages, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (distinct == 0 || pages[i] != pages[distinct - 1]) {
        pages[distinct++] = pages[i];
      }
    }
    return distinct;
  }

  /** Does all of {@link #pinLog} that may find no memory for it, and changes nothing else. */
  void preparePins() {
    long[] pages = unpinnedPages();
    if (pinCount + pages.length > pinnedFrames.length) {
      pinnedFrames = Arrays.copyOf(pinnedFrames, Math.max(16, 2 * (pinCount + pages.length)));
    }
    toPin = pages;
  }

  /** Pins what was dereferenced, so that the scope may leave the epoch; allocates nothing. */
  void pinLog(PageTable pageTable, FrameTable frameTable) {
    for (int i = 0; i < toPin.length; i++) {
      // In the epoch none of these pages can have left: each is LOCAL, or LEAVING in its frame.
      int frame = PageWord.frame(pageTable.load(toPin[i]));
      frameTable.pin(frame);
      pinnedFrames[pinCount++] = frame;
    }
    toPin = NO_PAGES;
    emptyLog();
  }

  int pinCount() {
    return pinCount;
  }

  int pinnedFrame(int i) {
    return pinnedFrames[i];
  }

  void forgetPins() {
    pinCount = 0;
    pinnedFrames = NO_PINS;
  }

  /** Opens the arena of the segments that this scope hands out. */
  public void openArena(MemorySegment pool, boolean confined) {
    Arena opened = confined ? Arena.ofConfined() : null;
    MemorySegment guarded = confined ? NativeMemory.guarded(pool, opened) : pool;
    readable = guarded.asReadOnly(); // the last that may throw: an arena is not opened by half
    writable = guarded;
    arena = opened;
  }

  /** From here on the segments that this scope handed out throw, if they are guarded. */
  void closeArena() {
    if (arena != null) {
      arena.close(); // throws where a segment is in use, and then nothing has changed
      arena = null;
      readable = null;
      writable = null;
    }
  }

  /** Forgets the log, because the scope ends or because pins stand for it. */
  void emptyLog() {
    earlierDereferences += logged;
    logged = 0;
    keptCount = 0;
    if (kept.length > MOST_KEPT_ENTRIES) {
      kept = NO_PAGES;
    }
  }

  long allDereferences() {
    return earlierDereferences + logged;
  }
}
