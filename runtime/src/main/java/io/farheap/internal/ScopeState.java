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
  /** Entries in the log of dereferenced pages. */
  static final int LOG_ENTRIES = 256;

  private static final int LOG_MASK = LOG_ENTRIES - 1;
  private static final int[] NO_PINS = new int[0];

  final int slot;
  private final long[] log = new long[LOG_ENTRIES];

  /** The request of this slot's scope; a scope waits for one transfer at a time. */
  final Transfer transfer = new Transfer();

  volatile Thread owner;
  long enteredNanos;

  /** Dereferences since the scope was entered; the last of them are in the log. */
  private long dereferences;

  /** Dereferences that need no look at the log any more: their pages are pinned. */
  private long pinnedUpTo;

  /** Dereferences of this slot's earlier scopes, for statistics. */
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
    dereferences = 0;
    pinnedUpTo = 0;
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
    long n = dereferences;
    log[(int) n & LOG_MASK] = page;
    dereferences = n + 1;
  }

  /** Entries of the log that no pin stands for yet. */
  long unpinnedEntries() {
    return dereferences - pinnedUpTo;
  }

  /** Whether pages were dereferenced that neither the log nor a pin knows. */
  boolean logOverflowed() {
    return unpinnedEntries() > LOG_ENTRIES;
  }

  /** The pages in the log without a pin, each once. */
  long[] unpinnedPages() {
    int n = (int) unpinnedEntries();
    long[] pages = new long[n];
    for (int i = 0; i < n; i++) {
      pages[i] = log[(int) (pinnedUpTo + i) & LOG_MASK];
    }
    return Arrays.stream(pages).sorted().distinct().toArray();
  }

  /** The pages in the log are pinned, in these frames. */
  void pinned(int[] frames) {
    if (pinCount + frames.length > pinnedFrames.length) {
      pinnedFrames = Arrays.copyOf(pinnedFrames, Math.max(16, 2 * (pinCount + frames.length)));
    }
    System.arraycopy(frames, 0, pinnedFrames, pinCount, frames.length);
    pinCount += frames.length;
    pinnedUpTo = dereferences;
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
    pinnedUpTo = dereferences;
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

  void countDereferences() {
    earlierDereferences += dereferences;
    dereferences = 0;
    pinnedUpTo = 0;
  }

  long allDereferences() {
    return earlierDereferences + dereferences;
  }
}
