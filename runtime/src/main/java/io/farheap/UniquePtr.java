package io.farheap;

import io.farheap.layout.FarRef;

/**
 * The one owner of an object in the far heap: whoever has it may use the object, pass it on or free
 * it. An object whose pointer is forgotten is not freed by the garbage collector but reported as a
 * leak.
 *
 * @param <T> a record class, or {@code byte[]}
 */
public final class UniquePtr<T> extends FarPtr<T> {
  UniquePtr(PointerType<T> type, long handle) {
    super(type, handle);
  }

  /**
   * Passes the object on.
   *
   * @return the new owner; this pointer is spent
   */
  public UniquePtr<T> move() {
    return new UniquePtr<>(type, spend());
  }

  /**
   * Lets the object live on without a pointer, held by whoever keeps its reference: by another far
   * object, say. It is freed through a pointer that {@link FarHeap#adopt} makes of the reference,
   * or by {@link Handles#free}, or with the region that it was allocated in.
   *
   * @return names the object and does not own it; this pointer is spent
   */
  public FarRef<T> release() {
    return FarRef.of(type.codec().valueType(), spend());
  }

  /**
   * Turns into an owner that can have more beside it.
   *
   * @return the object's first shared owner; this pointer is spent
   */
  public SharedPtr<T> share() {
    return new SharedPtr<>(type, spend());
  }
}
