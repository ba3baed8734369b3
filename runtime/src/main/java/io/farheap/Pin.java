package io.farheap;

import io.farheap.base.memory.NativeMemory;
import io.farheap.error.PinException;
import io.farheap.internal.HeapCore;
import io.farheap.internal.scope.ScopeState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Holds an object's bytes in place until it is closed: across input and output, or in a callback.
 * It holds the whole page, so keep pins few.
 */
public final class Pin implements AutoCloseable {
  private final PointerType<?> type;
  private final long handle;
  private final long location;
  private final boolean mutable;
  private final Arena arena;
  private final MemorySegment segment;
  private final String takenBy = Thread.currentThread().getName();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Pin(
      PointerType<?> type,
      long handle,
      long location,
      boolean mutable,
      Arena arena,
      MemorySegment segment) {
    this.type = type;
    this.handle = handle;
    this.location = location;
    this.mutable = mutable;
    this.arena = arena;
    this.segment = segment;
  }

  static Pin take(PointerType<?> type, long handle, boolean mutable, boolean shared) {
    HeapCore core = type.core();
    ScopeState scope = core.scopes().enter();
    try {
      long location = core.pin(scope, handle, mutable);
      try {
        Arena arena = shared ? Arena.ofShared() : Arena.ofConfined();
        MemorySegment segment = NativeMemory.guarded(core.view(location), arena);
        Pin pin =
            new Pin(
                type, handle, location, mutable, arena, mutable ? segment : segment.asReadOnly());
        type.pins().add(pin);
        return pin;
      } catch (Throwable t) {
        core.unpin(location, mutable); // nobody has the pin, to close it
        throw t;
      }
    } finally {
      core.scopes().exit(scope);
    }
  }

  /**
   * The object's bytes; read-only unless pinned for writing.
   *
   * @return a segment that lives as long as the pin
   * @throws PinException if the pin is closed
   */
  public MemorySegment segment() {
    if (closed.get()) {
      throw new PinException("the pin is closed; take another");
    }
    return segment;
  }

  /**
   * Lets the object move again; its segment throws from here on. Closing it again does nothing.
   *
   * @throws WrongThreadException on another thread than the one that took the pin, unless it is a
   *     shared one; the pin stays
   * @throws IllegalStateException if the segment is in use, for example by a system call on another
   *     thread; the pin stays
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      arena.close();
    } catch (RuntimeException e) {
      closed.set(false); // in use, or another thread's: the pin stays
      throw e;
    }
    type.core().unpin(location, mutable);
    type.pins().remove(this);
  }

  @Override
  public String toString() {
    return "pin by thread \"" + takenBy + "\" of object " + Long.toUnsignedString(handle, 16);
  }
}
