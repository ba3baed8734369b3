package io.farheap;

import io.farheap.error.HeapClosedException;
import io.farheap.error.ScopeException;
import io.farheap.internal.HeapCore;
import io.farheap.internal.scope.ScopeState;

/**
 * A stretch of code in which dereferenced objects stay where they are.
 *
 * <p>Made by {@link FarHeap#enter()}, used and closed by the thread that entered, and short: local
 * memory that a scope has touched cannot be used for anything else until it ends. Scopes nest. Code
 * that walks over many objects calls {@link #renew()} now and then.
 *
 * <p>Segments that were dereferenced in a scope throw {@link IllegalStateException} once it has
 * ended, and {@link WrongThreadException} on another thread.
 */
public final class DerefScope implements AutoCloseable {
  private final HeapCore core;
  private ScopeState state;

  DerefScope(HeapCore core) {
    this.core = core;
    this.state = core.scopes().enter();
  }

  /** What the scope keeps, for a pointer of the same heap on the same thread. */
  ScopeState state(HeapCore pointerCore) {
    ScopeState s = state;
    if (s == null || !s.mine() || pointerCore != core) {
      throw refuse(s, pointerCore);
    }
    return s;
  }

  private ScopeException refuse(ScopeState s, HeapCore pointerCore) {
    return pointerCore != core
        ? new ScopeException("the scope belongs to another heap; enter the pointer's own")
        : HeapCore.notThisThread(s);
  }

  /**
   * Ends the scope and starts it again: what was dereferenced before may move and leave, and its
   * segments throw.
   *
   * @throws ScopeException if the scope is closed or another thread's
   * @throws IllegalStateException if one of its segments is in use, as with {@link #close}
   * @throws HeapClosedException if the heap was closed meanwhile
   */
  public void renew() {
    core.scopes().renew(state(core));
  }

  /**
   * Enters a scope that was closed again, on this thread, whichever it was before: for those who
   * enter very often, and keep the scope rather than make another each time.
   *
   * @return this
   * @throws ScopeException if the scope is open
   * @throws HeapClosedException if the heap is closed
   */
  public DerefScope reopen() {
    if (state != null) {
      throw new ScopeException("the scope is open; close it first, or renew() it");
    }
    state = core.scopes().enter();
    return this;
  }

  /**
   * Ends the scope. Closing it again does nothing.
   *
   * @throws ScopeException on another thread; the scope stays open
   * @throws IllegalStateException if one of its segments is in use by a call that has not returned
   *     yet, for example in a callback from native code; the scope stays open: close it again
   */
  @Override
  public void close() {
    if (state != null) {
      core.scopes().exit(state(core));
      state = null;
    }
  }
}
