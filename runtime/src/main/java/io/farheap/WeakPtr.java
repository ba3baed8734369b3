package io.farheap;

import io.farheap.error.OwnerCountException;
import java.util.Optional;

/**
 * Names an object of the far heap without owning it.
 *
 * @param <T> a record class, or {@code byte[]}
 */
public final class WeakPtr<T> {
  private final PointerType<T> type;
  private final long handle;

  WeakPtr(PointerType<T> type, long handle) {
    this.type = type;
    this.handle = handle;
  }

  /**
   * Becomes an owner if the object still lives.
   *
   * @return another owner, to be closed on its own; empty if the object was freed
   * @throws OwnerCountException if the object has too many owners
   */
  public Optional<SharedPtr<T>> lock() {
    return type.core().lifecycle().retain(handle)
        ? Optional.of(new SharedPtr<>(type, handle))
        : Optional.empty();
  }
}
