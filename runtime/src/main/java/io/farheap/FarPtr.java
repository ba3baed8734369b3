package io.farheap;

import io.farheap.allocator.Handle;
import io.farheap.error.BoundsException;
import io.farheap.error.FarAccessException;
import io.farheap.error.HeapClosedException;
import io.farheap.error.LayoutException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.error.ScopeException;
import io.farheap.error.SpentPointerException;
import io.farheap.internal.Fetches;
import io.farheap.internal.HeapCore;
import io.farheap.internal.scope.LeakWatch;
import io.farheap.layout.BooleanField;
import io.farheap.layout.ByteField;
import io.farheap.layout.CharField;
import io.farheap.layout.DoubleField;
import io.farheap.layout.FarRef;
import io.farheap.layout.FloatField;
import io.farheap.layout.IntField;
import io.farheap.layout.LongField;
import io.farheap.layout.RefField;
import io.farheap.layout.ShortField;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.concurrent.CompletableFuture;

/**
 * An owner of an object in the far heap.
 *
 * <p>Reading and writing a component by its field needs no scope and builds no Java object; {@link
 * #get()} and {@link #set} copy the whole value; {@link #deref} and {@link #derefMut} give the
 * bytes themselves for as long as a scope is open. Any of them may bring the object in over the
 * network.
 *
 * <p>A pointer may be used by several threads, one at a time; what they do to the object's bytes is
 * theirs to order. A pointer that was freed, closed, moved, shared or released is spent, and every
 * use of it throws {@link SpentPointerException}. All methods throw {@link HeapClosedException}
 * after the heap was closed, {@link FarAccessException} if far memory does not answer, and {@link
 * OutOfLocalMemoryException} if scopes and pins hold all of local memory.
 *
 * @param <T> a record class, or {@code byte[]}
 */
public abstract sealed class FarPtr<T> implements AutoCloseable permits UniquePtr, SharedPtr {
  private static final VarHandle HANDLE;

  static {
    try {
      HANDLE = MethodHandles.lookup().findVarHandle(FarPtr.class, "handle", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final PointerType<T> type;
  private final HeapCore core; // the type's, one load nearer
  private final LeakWatch.Ticket ticket;
  private long handle;

  FarPtr(PointerType<T> type, long handle) {
    this.type = type;
    this.core = type.core();
    this.handle = handle;
    LeakWatch watch = type.leakWatch();
    this.ticket = watch == null ? null : watch.watch(this, handle, type.core().sizeChecked(handle));
  }

  /** Makes the pointer spent and answers the handle that it had, for exactly one caller. */
  final long spend() {
    long old = (long) HANDLE.getAndSet(this, Handle.NULL);
    if (old == Handle.NULL) {
      throw new SpentPointerException(
          "the pointer is spent: it was freed, closed, moved, shared or released before");
    }
    if (ticket != null) {
      try {
        ticket.close();
      } finally {
        Reference.reachabilityFence(this); // collected before, it would count as forgotten
      }
    }
    return old;
  }

  final HeapCore core() {
    return core;
  }

  /**
   * The handle: a plain number that far objects and {@link Handles} use for the same object.
   *
   * @return the handle; it does not own the object
   * @throws SpentPointerException if the pointer is spent
   */
  public final long handle() {
    long h = handle;
    if (h == Handle.NULL) {
      throw new SpentPointerException(
          "the pointer is spent: it was freed, closed, moved, shared or released before");
    }
    return h;
  }

  /** Whether the pointer was freed, closed, moved, shared or released. */
  public final boolean isSpent() {
    return handle == Handle.NULL;
  }

  /** Size of the object in bytes. */
  public final int lengthBytes() {
    return core.sizeChecked(handle());
  }

  /** Copies the object into a Java value. */
  public final T get() {
    return core.get(type.codec(), handle);
  }

  /**
   * Overwrites the object with a value.
   *
   * @throws LayoutException if the value does not fit the object
   */
  public final void set(T value) {
    core.set(type.codec(), handle, value);
  }

  /**
   * The object's bytes, in place, read-only.
   *
   * @return a segment that lives as long as the scope, on this thread
   * @throws ScopeException if the scope is closed, another thread's or another heap's
   */
  public final MemorySegment deref(DerefScope scope) {
    return core.derefSegment(scope.state(core), handle);
  }

  /**
   * The object's bytes, in place, for reading and writing.
   *
   * @return a segment that lives as long as the scope, on this thread
   * @throws ScopeException if the scope is closed, another thread's or another heap's
   */
  public final MemorySegment derefMut(DerefScope scope) {
    return core.derefMutSegment(scope.state(core), handle);
  }

  /**
   * Begins to bring the object in and does not wait for it, so that a use soon after finds it local
   * or on its way.
   *
   * @return completes once the object was local, from where it may have left again; or with what a
   *     use would have thrown. Cancelling it stops nothing
   */
  public final CompletableFuture<Void> fetch() {
    return Fetches.start(core, handle());
  }

  /**
   * Copies bytes of the object out.
   *
   * @param offsetBytes first byte in the object
   * @param target filled whole
   * @throws BoundsException if the object has fewer bytes
   */
  public final void read(long offsetBytes, MemorySegment target) {
    core.readRange(handle, offsetBytes, target);
  }

  /**
   * Copies bytes of the object out.
   *
   * @param offsetBytes first byte in the object
   * @param target filled whole
   * @throws BoundsException if the object has fewer bytes
   */
  public final void read(long offsetBytes, byte[] target) {
    read(offsetBytes, MemorySegment.ofArray(target));
  }

  /**
   * Copies bytes into the object.
   *
   * @param offsetBytes first byte in the object
   * @param source copied whole
   * @throws BoundsException if the object has fewer bytes
   */
  public final void write(long offsetBytes, MemorySegment source) {
    core.writeRange(handle, offsetBytes, source);
  }

  /**
   * Copies bytes into the object.
   *
   * @param offsetBytes first byte in the object
   * @param source copied whole
   * @throws BoundsException if the object has fewer bytes
   */
  public final void write(long offsetBytes, byte[] source) {
    write(offsetBytes, MemorySegment.ofArray(source));
  }

  /**
   * Holds the object's bytes in place for longer than a scope, for reading on this thread.
   *
   * @return a pin to close
   */
  public final Pin pin() {
    return Pin.take(type, handle(), false, false);
  }

  /** As {@link #pin()}, for reading and writing. */
  public final Pin pinMut() {
    return Pin.take(type, handle(), true, false);
  }

  /** As {@link #pin()}, for any thread; closing such a pin costs more. */
  public final Pin pinShared() {
    return Pin.take(type, handle(), false, true);
  }

  /** As {@link #pinMut()}, for any thread; closing such a pin costs more. */
  public final Pin pinMutShared() {
    return Pin.take(type, handle(), true, true);
  }

  /** Reads one component, without a scope. */
  public final long get(LongField<? super T> field) {
    return core.read(handle, field.offsetBytes(), Long.BYTES);
  }

  /** Writes one component. */
  public final void set(LongField<? super T> field, long value) {
    core.write(handle, field.offsetBytes(), Long.BYTES, value);
  }

  /** Reads one component, without a scope. */
  public final int get(IntField<? super T> field) {
    return (int) core.read(handle, field.offsetBytes(), Integer.BYTES);
  }

  /** Writes one component. */
  public final void set(IntField<? super T> field, int value) {
    core.write(handle, field.offsetBytes(), Integer.BYTES, value);
  }

  /** Reads one component, without a scope. */
  public final double get(DoubleField<? super T> field) {
    return Double.longBitsToDouble(core.read(handle, field.offsetBytes(), Double.BYTES));
  }

  /** Writes one component. */
  public final void set(DoubleField<? super T> field, double value) {
    core.write(handle, field.offsetBytes(), Double.BYTES, Double.doubleToRawLongBits(value));
  }

  /** Reads one component, without a scope. */
  public final float get(FloatField<? super T> field) {
    return Float.intBitsToFloat((int) core.read(handle, field.offsetBytes(), Float.BYTES));
  }

  /** Writes one component. */
  public final void set(FloatField<? super T> field, float value) {
    core.write(handle, field.offsetBytes(), Float.BYTES, Float.floatToRawIntBits(value));
  }

  /** Reads one component, without a scope. */
  public final short get(ShortField<? super T> field) {
    return (short) core.read(handle, field.offsetBytes(), Short.BYTES);
  }

  /** Writes one component. */
  public final void set(ShortField<? super T> field, short value) {
    core.write(handle, field.offsetBytes(), Short.BYTES, value);
  }

  /** Reads one component, without a scope. */
  public final char get(CharField<? super T> field) {
    return (char) core.read(handle, field.offsetBytes(), Character.BYTES);
  }

  /** Writes one component. */
  public final void set(CharField<? super T> field, char value) {
    core.write(handle, field.offsetBytes(), Character.BYTES, value);
  }

  /** Reads one component, without a scope. */
  public final byte get(ByteField<? super T> field) {
    return (byte) core.read(handle, field.offsetBytes(), Byte.BYTES);
  }

  /** Writes one component. */
  public final void set(ByteField<? super T> field, byte value) {
    core.write(handle, field.offsetBytes(), Byte.BYTES, value);
  }

  /** Reads one component, without a scope. */
  public final boolean get(BooleanField<? super T> field) {
    return core.read(handle, field.offsetBytes(), Byte.BYTES) != 0;
  }

  /** Writes one component. */
  public final void set(BooleanField<? super T> field, boolean value) {
    core.write(handle, field.offsetBytes(), Byte.BYTES, value ? 1 : 0);
  }

  /** Reads a reference to another object, without a scope. */
  public final <V> FarRef<V> get(RefField<? super T, V> field) {
    return FarRef.of(field.target(), getHandle(field));
  }

  /**
   * Writes a reference to another object of this heap.
   *
   * @param value {@link FarRef#none()} for nothing
   */
  public final <V> void set(RefField<? super T, V> field, FarRef<V> value) {
    setHandle(field, value.handle());
  }

  /**
   * Reads a reference as a plain handle, without a scope.
   *
   * @return 0 if it refers to nothing
   */
  public final long getHandle(RefField<? super T, ?> field) {
    return core.read(handle, field.offsetBytes(), Long.BYTES);
  }

  /**
   * Writes a reference as a plain handle.
   *
   * @param target the handle of an object of this heap; 0 for nothing
   */
  public final void setHandle(RefField<? super T, ?> field, long target) {
    core.write(handle, field.offsetBytes(), Long.BYTES, target);
  }

  /**
   * Gives this owner up; the object dies with its last.
   *
   * @throws SpentPointerException if the pointer is spent
   */
  public final void free() {
    core.lifecycle().release(spend());
  }

  /** As {@link #free()}, but does nothing if the pointer is spent or the heap closed. */
  @Override
  public final void close() {
    if (!isSpent()) {
      try {
        free();
      } catch (SpentPointerException | HeapClosedException e) {
        return; // somebody else was first, and nothing is left to give back
      }
    }
  }

  @Override
  public final String toString() {
    long h = handle;
    return getClass().getSimpleName()
        + (h == Handle.NULL ? "[spent]" : "[" + Handle.index(h) + "/" + Handle.generation(h) + "]");
  }
}
