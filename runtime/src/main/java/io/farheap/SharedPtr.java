package io.farheap;

import io.farheap.error.OwnerCountException;
import io.farheap.error.StaleHandleException;

/**
 * One of several owners of an object in the far heap; the object dies with the last of them.
 *
 * @param <T> a record class, or {@code byte[]}
 */
public final class SharedPtr<T> extends FarPtr<T> {
  SharedPtr(PointerType<T> type, long handle) {
    super(type, handle);
  }

  /**
   * Adds an owner.
   *
   * @return another owner of the same object, to be closed on its own
   * @throws OwnerCountException if the object has too many owners
   */
  public SharedPtr<T> alias() {
    long h = handle();
    if (!core().lifecycle().retain(h)) {
      throw new StaleHandleException("the object was freed while it was being shared");
    }
    return new SharedPtr<>(type, h);
  }

  /** A pointer to the same object that does not own it. */
  public WeakPtr<T> weak() {
    return new WeakPtr<>(type, handle());
  }
}
