package io.farheap.internal;

import io.farheap.transport.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * What an open scope keeps: one per epoch slot, used by whoever leases the slot.
 *
 * <p>All fields belong to the leasing thread, and pass from one lease to the next by the slot's own
 * release and compare-and-set. Only {@link #owner} and {@link #enteredNanos} are also looked at by
 * others, who can do with an old value.
 */
public final class ScopeState {
  private static final int FIRST_LOG_ENTRIES = 256;

  /** A log of more entries is not kept for the slot's next scope. */
  private static final int MOST_KEPT_ENTRIES = 4096;

  /** A full log of so many entries loses its repetitions before it grows. */
  private static final int COMPACT_FROM_ENTRIES = 1 << 16;

  private static final int[] NO_PINS = new int[0];

  final int slot;

  /** The request of this slot's scope; a scope waits for one transfer at a time. */
  final Transfer transfer = new Transfer();

  volatile Thread owner;
  long enteredNanos;

  /** Pages dereferenced since the scope was entered, or since all of them were pinned. */
  private long[] log = new long[FIRST_LOG_ENTRIES];

  private int logged;

  /** Dereferences that are in the log no more, for statistics. */
  private long earlierDereferences;

  private int[] pinnedFrames = NO_PINS;
  private int pinCount;

  private Arena arena;
  MemorySegment readable;
  MemorySegment writable;

  ScopeState(int slot) {
    this.slot = slot;
  }

  void begin(Thread thread) {
    owner = thread;
  }

  /** Whether this scope is the calling thread's. */
  public boolean mine() {
    return ownedBy(Thread.currentThread());
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself
  boolean ownedBy(Thread thread) {
    return owner == thread;
  }

  /** Notes a page that the scope may reach from now on. */
  void log(long page) {
    long[] entries = log;
    int n = logged;
    if (n < entries.length) {
      entries[n] = page;
      logged = n + 1;
    } else {
      growLog(page);
    }
  }

  /** A scope of many dereferences is remembered whole, at the price of its log. */
  private void growLog(long page) {
    if (logged >= COMPACT_FROM_ENTRIES) {
      long[] distinct = unpinnedPages();
      earlierDereferences += logged - distinct.length;
      System.arraycopy(distinct, 0, log, 0, distinct.length);
      logged = distinct.length;
    }
    if (logged > log.length / 2) {
      log = Arrays.copyOf(log, 2 * log.length);
    }
    log[logged++] = page;
  }

  /** The pages in the log, each once. */
  long[] unpinnedPages() {
    long[] pages = Arrays.copyOf(log, logged);
    Arrays.sort(pages);
    int distinct = 0;
    for (int i = 0; i < pages.length; i++) {
      if (i == 0 || pages[i] != pages[i - 1]) {
        pages[distinct++] = pages[i];
      }
    }
    return Arrays.copyOf(pages, distinct);
  }

  /** The pages in the log are pinned, in these frames. */
  void pinned(int[] frames) {
    if (pinCount + frames.length > pinnedFrames.length) {
      pinnedFrames = Arrays.copyOf(pinnedFrames, Math.max(16, 2 * (pinCount + frames.length)));
    }
    System.arraycopy(frames, 0, pinnedFrames, pinCount, frames.length);
    pinCount += frames.length;
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
  @SuppressWarnings("restricted")
  void openArena(MemorySegment pool, boolean confined) {
    if (confined) {
      arena = Arena.ofConfined();
      writable = pool.reinterpret(arena, null);
    } else {
      writable = pool;
    }
    readable = writable.asReadOnly();
  }

  /** From here on the segments that this scope handed out throw. */
  void closeArena() {
    if (readable != null) {
      readable = null;
      writable = null;
      if (arena != null) {
        arena.close();
        arena = null;
      }
    }
  }

  /** Forgets the log, because the scope ends or because pins stand for it. */
  void emptyLog() {
    earlierDereferences += logged;
    logged = 0;
    if (log.length > MOST_KEPT_ENTRIES) {
      log = new long[FIRST_LOG_ENTRIES];
    }
  }

  long allDereferences() {
    return earlierDereferences + logged;
  }
}
