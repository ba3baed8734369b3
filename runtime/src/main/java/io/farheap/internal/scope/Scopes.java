package io.farheap.internal.scope;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.HeapMemory;
import io.farheap.error.HeapClosedException;
import io.farheap.error.ScopeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * The open scopes of one heap: enter, leave, and step aside while waiting.
 *
 * <p>A thread may hold several scopes at once; each leases a slot of its own, so the outer ones go
 * on protecting what they dereferenced. A thread that waits for a frame steps out of all its
 * scopes: what they dereferenced is pinned, and their slots are parked.
 */
public final class Scopes {
  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK = 1 << CHUNK_SHIFT;

  private final HeapMemory memory;
  private final Epochs epochs;
  private final IntFunction<ScopeState> newState;
  private final AtomicReferenceArray<ScopeState>[] states;

  private final SlotTags tags = new SlotTags();

  private volatile boolean closed;

  /** Of a heap in which nobody has entered yet. */
  public Scopes(HeapMemory memory) {
    this(memory, ScopeState::new);
  }

  /** With a way to make the state of a slot, for a test whose states fail. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  Scopes(HeapMemory memory, IntFunction<ScopeState> newState) {
    this.memory = memory;
    this.newState = newState;
    this.epochs = memory.epochs();
    this.states = new AtomicReferenceArray[Epochs.MAX_SLOTS >>> CHUNK_SHIFT];
  }

  /**
   * Enters a scope on this thread.
   *
   * @throws HeapClosedException if the heap is closed
   * @throws ScopeException if too many scopes are open
   */
  public ScopeState enter() {
    Thread thread = Thread.currentThread();
    int slot = epochs.enter(thread.threadId());
    if (slot < 0) {
      throw new ScopeException(
          Epochs.MAX_SLOTS + " scopes are open at once; close some, or use fewer threads");
    }
    try {
      if (closed) {
        throw closedException();
      }
      ScopeState state = state(slot);
      tags.set(slot, thread);
      state.begin(thread);
      return state;
    } catch (Throwable t) {
      epochs.exit(slot); // nobody else would: no page could leave any more
      throw t;
    }
  }

  /** What whoever comes too late is told. */
  public static HeapClosedException closedException() {
    return new HeapClosedException("the heap is closed; its objects are gone");
  }

  private ScopeState state(int slot) {
    AtomicReferenceArray<ScopeState> chunk = states[slot >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = addChunk(slot >>> CHUNK_SHIFT);
    }
    ScopeState state = chunk.getPlain(slot & (CHUNK - 1));
    if (state == null) {
      state = newState.apply(slot);
      chunk.setRelease(slot & (CHUNK - 1), state);
    }
    return state;
  }

  private synchronized AtomicReferenceArray<ScopeState> addChunk(int chunk) {
    if (states[chunk] == null) {
      states[chunk] = new AtomicReferenceArray<>(CHUNK);
    }
    return states[chunk];
  }

  /**
   * Leaves a scope: its segments throw from here on, its pages may go.
   *
   * @throws IllegalStateException if a segment is in use by a call that has not returned yet; the
   *     scope stays open, and can be left later
   */
  public void exit(ScopeState state) {
    state.closeArena();
    if (state.pinCount() > 0) {
      unpin(state);
    }
    state.emptyLog();
    state.owner = null;
    epochs.exit(state.slot);
  }

  /**
   * Leaves and enters again in the same slot.
   *
   * @throws IllegalStateException as {@link #exit}; the scope is as it was
   */
  public void renew(ScopeState state) {
    state.closeArena();
    unpin(state);
    state.emptyLog();
    epochs.renew(state.slot);
    if (closed) {
      throw closedException();
    }
  }

  private void unpin(ScopeState state) {
    for (int i = 0; i < state.pinCount(); i++) {
      memory.frameTable().unpin(state.pinnedFrame(i));
    }
    state.forgetPins();
  }

  /**
   * Steps out of every scope of this thread, or of none if that throws.
   *
   * @return the scopes, for {@link #resume}
   */
  public List<ScopeState> park() {
    List<ScopeState> own = new ArrayList<>(2);
    Thread thread = Thread.currentThread();
    int window = epochs.window();
    ScopeState next = nextOwn(thread, 0, window);
    for (; next != null; next = nextOwn(thread, next.slot + 1, window)) {
      next.preparePins();
      own.add(next);
    }
    // From here on nothing is allocated: a parked scope that nobody resumes would protect nothing.
    for (int i = 0; i < own.size(); i++) {
      ScopeState state = own.get(i);
      state.pinLog(memory.pageTable(), memory.frameTable());
      epochs.park(state.slot);
    }
    return own;
  }

  /** Steps back into scopes; everything but their pinned pages may have changed. */
  public void resume(List<ScopeState> parked) {
    for (int i = 0; i < parked.size(); i++) {
      epochs.resume(parked.get(i).slot);
    }
  }

  /** The first scope of a thread from a slot on, or null. */
  private ScopeState nextOwn(Thread thread, int from, int window) {
    int slot = tags.next(thread, from, window);
    for (; slot < window; slot = tags.next(thread, slot + 1, window)) {
      ScopeState state = peek(slot);
      if (state != null && state.ownedBy(thread)) {
        return state;
      }
    }
    return null;
  }

  private ScopeState peek(int slot) {
    AtomicReferenceArray<ScopeState> chunk = states[slot >>> CHUNK_SHIFT];
    return chunk == null ? null : chunk.getAcquire(slot & (CHUNK - 1));
  }

  /** Nobody enters from here on. */
  public void close() {
    closed = true;
  }

  /** Whether nobody enters any more. */
  public boolean closed() {
    return closed;
  }

  /** Whether this thread has a scope open. */
  public boolean holdsOne() {
    return nextOwn(Thread.currentThread(), 0, epochs.window()) != null;
  }

  /** Names the scopes that are open, for messages. */
  public List<String> describeOpen() {
    List<String> open = new ArrayList<>();
    int window = epochs.window();
    for (int slot = 0; slot < window && open.size() < 16; slot++) {
      String line = describe(slot);
      if (line != null) {
        open.add(line);
      }
    }
    return open;
  }

  /** Names the scope in a slot with the place where its thread is, or null if there is none. */
  public String describe(int slot) {
    ScopeState state = peek(slot);
    Thread thread = state == null ? null : state.owner;
    if (thread == null) {
      return null;
    }
    StringBuilder text = new StringBuilder("scope of thread \"" + thread.getName() + "\"");
    StackTraceElement[] stack = thread.getStackTrace();
    for (StackTraceElement frame : stack) {
      if (!frame.getClassName().startsWith("io.farheap.") && !isJdk(frame)) {
        text.append(" at ").append(frame);
        break;
      }
    }
    return text.toString();
  }

  private static boolean isJdk(StackTraceElement frame) {
    return frame.getClassName().startsWith("java.") || frame.getClassName().startsWith("jdk.");
  }

  /** Thread of the scope in a slot, or null. */
  public Thread owner(int slot) {
    ScopeState state = peek(slot);
    return state == null ? null : state.owner;
  }

  /** Dereferences through scopes so far; racy while scopes are open. */
  public long dereferences() {
    long sum = 0;
    int window = epochs.window();
    for (int slot = 0; slot < window; slot++) {
      ScopeState state = peek(slot);
      if (state != null) {
        sum += state.allDereferences();
      }
    }
    return sum;
  }
}
