package io.farheap;

import io.farheap.error.FarAccessException;
import io.farheap.error.ObjectTooLargeException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.Fetches;
import io.farheap.internal.HeapCore;
import io.farheap.layout.ByteField;
import io.farheap.layout.DoubleField;
import io.farheap.layout.IntField;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The pointer operations on plain handles, for those who keep millions of them in arrays of their
 * own, or in far objects that refer to each other. There is no pointer object that could be
 * forgotten, and none that could be spent: a handle that was freed throws {@link
 * StaleHandleException}.
 */
public final class Handles {
  private final HeapCore core;

  Handles(HeapCore core) {
    this.core = core;
  }

  /**
   * Allocates zeros.
   *
   * @return the handle of the object, which has one owner
   */
  public long allocate(long lengthBytes) {
    return core.lifecycle().allocate(lengthBytes);
  }

  /**
   * Allocates an object and fills it in place, before anybody else can see it: what it holds is
   * stored once.
   *
   * @param filler given the object's bytes, which may hold anything; it stores all of them, uses
   *     the segment only during the call, and does not use the heap
   * @return the handle of the object, which has one owner
   * @throws ObjectTooLargeException if it is larger than the heap takes
   * @throws OutOfFarMemoryException if far memory is full
   */
  public long allocate(long lengthBytes, Consumer<MemorySegment> filler) {
    return core.allocate(lengthBytes, filler, false);
  }

  /**
   * As {@link #allocate(long, Consumer)}, for threads that must not block: it looks whether there
   * is room, and does nothing if that would have to be made or got first. Other threads may still
   * take the room between the look and its use, and then it waits after all.
   *
   * @return 0 if it would have had to wait
   */
  public long allocateNow(long lengthBytes, Consumer<MemorySegment> filler) {
    return core.allocate(lengthBytes, filler, true);
  }

  /** Allocates a record; otherwise as {@link #allocate(long)}. */
  public <T extends Record> long allocate(RecordLayout<T> layout, T value) {
    return core.lifecycle().allocate(layout.codec(), value);
  }

  /** Gives an owner up; the object dies with its last. */
  public void free(long handle) {
    core.lifecycle().release(handle);
  }

  /**
   * Adds an owner.
   *
   * @return false if the object was freed
   */
  public boolean retain(long handle) {
    return core.lifecycle().retain(handle);
  }

  /** Size of an object in bytes. */
  public int lengthBytes(long handle) {
    return core.sizeChecked(handle);
  }

  /** An object's bytes in place, read-only; see {@link FarPtr#deref}. */
  public MemorySegment deref(DerefScope scope, long handle) {
    return core.derefSegment(scope.state(core), handle);
  }

  /**
   * An object's bytes in place, read-only, if that takes no wait: for threads that must not block.
   * It fetches only a small object, only if far memory is a copy away, as with {@code shm:}, and
   * only if a frame is free. The page may leave between the look and its use, but hardly ever does.
   *
   * @return null if it would have to wait; {@link #fetch} or {@link FarHeap#fetchAll(long...)}
   *     brings it in
   */
  public MemorySegment derefNow(DerefScope scope, long handle) {
    return core.derefNowSegment(scope.state(core), handle);
  }

  /**
   * Brings many objects in and waits for them: their misses share round trips. Local memory should
   * have room for all of them, or the first leave again before the last come.
   *
   * @param handles which objects
   * @throws StaleHandleException if one names nothing
   * @throws FarAccessException if far memory does not deliver one of them; others may have come
   */
  public void fetch(long... handles) {
    Fetches.run(core, handles);
  }

  /**
   * As {@link #fetch}, but as an attempt: it waits for far memory no longer than said, takes only
   * frames that are free, and passes over large objects and what cannot be had. For those who try
   * many at once and see to each that did not come.
   *
   * @param most how long to wait
   * @param handles which objects
   * @return whether all are local
   */
  public boolean tryFetch(Duration most, long... handles) {
    return Fetches.attempt(core, most.toNanos(), handles);
  }

  /**
   * Whether an object's bytes are local at this moment, so that a use would not wait for far
   * memory.
   *
   * @throws StaleHandleException if the handle names nothing
   */
  public boolean isLocal(long handle) {
    return core.isResident(handle);
  }

  /**
   * Whether an object's bytes are known to be lost, because its memory server is: a use would throw
   * a {@link FarAccessException} that is not {@link FarAccessException#isRetryable() retryable}.
   * The heap learns of a loss by the first use or write that meets it. The object can still be
   * freed.
   *
   * @return false also if the handle names nothing
   */
  public boolean isLost(long handle) {
    return core.isLost(handle);
  }

  /** An object's bytes in place; see {@link FarPtr#derefMut}. */
  public MemorySegment derefMut(DerefScope scope, long handle) {
    return core.derefMutSegment(scope.state(core), handle);
  }

  /** Copies a record out. */
  public <T extends Record> T get(RecordLayout<T> layout, long handle) {
    return core.get(layout.codec(), handle);
  }

  /** Overwrites a record. */
  public <T extends Record> void set(RecordLayout<T> layout, long handle, T value) {
    core.set(layout.codec(), handle, value);
  }

  /** Copies bytes of an object out; see {@link FarPtr#read(long, MemorySegment)}. */
  public void read(long handle, long offsetBytes, MemorySegment target) {
    core.readRange(handle, offsetBytes, target);
  }

  /** Copies bytes into an object; see {@link FarPtr#write(long, MemorySegment)}. */
  public void write(long handle, long offsetBytes, MemorySegment source) {
    core.writeRange(handle, offsetBytes, source);
  }

  /** Reads a {@code long}, without a scope. */
  public long getLong(long handle, long offsetBytes) {
    return core.read(handle, offsetBytes, Long.BYTES);
  }

  /** Writes a {@code long}. */
  public void setLong(long handle, long offsetBytes, long value) {
    core.write(handle, offsetBytes, Long.BYTES, value);
  }

  /** Reads an {@code int}, without a scope. */
  public int getInt(long handle, long offsetBytes) {
    return (int) core.read(handle, offsetBytes, Integer.BYTES);
  }

  /** Writes an {@code int}. */
  public void setInt(long handle, long offsetBytes, int value) {
    core.write(handle, offsetBytes, Integer.BYTES, value);
  }

  /** Reads a {@code double}, without a scope. */
  public double getDouble(long handle, long offsetBytes) {
    return Double.longBitsToDouble(core.read(handle, offsetBytes, Double.BYTES));
  }

  /** Writes a {@code double}. */
  public void setDouble(long handle, long offsetBytes, double value) {
    core.write(handle, offsetBytes, Double.BYTES, Double.doubleToRawLongBits(value));
  }

  /** Reads a {@code byte}, without a scope. */
  public byte getByte(long handle, long offsetBytes) {
    return (byte) core.read(handle, offsetBytes, Byte.BYTES);
  }

  /** Writes a {@code byte}. */
  public void setByte(long handle, long offsetBytes, byte value) {
    core.write(handle, offsetBytes, Byte.BYTES, value);
  }

  /** Reads a {@code long} component, without a scope. */
  public long getLong(long handle, LongField<?> field) {
    return getLong(handle, field.offsetBytes());
  }

  /** Writes a {@code long} component. */
  public void setLong(long handle, LongField<?> field, long value) {
    setLong(handle, field.offsetBytes(), value);
  }

  /** Reads an {@code int} component, without a scope. */
  public int getInt(long handle, IntField<?> field) {
    return getInt(handle, field.offsetBytes());
  }

  /** Writes an {@code int} component. */
  public void setInt(long handle, IntField<?> field, int value) {
    setInt(handle, field.offsetBytes(), value);
  }

  /** Reads a {@code double} component, without a scope. */
  public double getDouble(long handle, DoubleField<?> field) {
    return getDouble(handle, field.offsetBytes());
  }

  /** Writes a {@code double} component. */
  public void setDouble(long handle, DoubleField<?> field, double value) {
    setDouble(handle, field.offsetBytes(), value);
  }

  /** Reads a {@code byte} component, without a scope. */
  public byte getByte(long handle, ByteField<?> field) {
    return getByte(handle, field.offsetBytes());
  }

  /** Writes a {@code byte} component. */
  public void setByte(long handle, ByteField<?> field, byte value) {
    setByte(handle, field.offsetBytes(), value);
  }

  /**
   * Follows a reference, without a scope and without a Java object: a step along a list or tree.
   *
   * @return the handle that the component holds; 0 if it refers to nothing
   */
  public long getHandle(long handle, RefField<?, ?> field) {
    return getLong(handle, field.offsetBytes());
  }

  /**
   * Writes a reference.
   *
   * @param target the handle of an object of this heap; 0 for nothing
   */
  public void setHandle(long handle, RefField<?, ?> field, long target) {
    setLong(handle, field.offsetBytes(), target);
  }
}
