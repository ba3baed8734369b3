package io.farheap.layout;

import io.farheap.allocator.Handle;
import io.farheap.error.StaleHandleException;
import java.util.Objects;

/**
 * Names an object of the far heap without owning it: what far objects store to refer to each other.
 *
 * <p>A record may have components of this type; each takes 8 bytes, the object's handle. A
 * reference comes from {@link io.farheap.UniquePtr#release()}, which leaves the object without a
 * pointer, or out of a record that was read; {@link io.farheap.FarHeap#get(FarRef)} reads its
 * object, {@link io.farheap.FarHeap#adopt} makes it a pointer again. It may outlive its object: its
 * use throws {@link StaleHandleException} from then on, and never touches another object.
 *
 * <p>A value: immutable, equal to all references to the same object, and for all threads. It
 * belongs to one heap, which it does not know; the handle means nothing, or something else, in
 * another heap.
 *
 * @param <T> a record class, or {@code byte[]}
 */
public final class FarRef<T> {
  private static final FarRef<?> NONE = new FarRef<>(null, Handle.NULL);

  private final Class<T> type;
  private final long handle;

  private FarRef(Class<T> type, long handle) {
    this.type = type;
    this.handle = handle;
  }

  /** The reference to nothing, where Java has null: the end of a list, a missing child. */
  @SuppressWarnings("unchecked") // it holds no T
  public static <T> FarRef<T> none() {
    return (FarRef<T>) NONE;
  }

  /**
   * A reference by handle.
   *
   * @param type what the object was allocated as; nobody checks that it was
   * @param handle as from {@link io.farheap.FarPtr#handle()} or {@link io.farheap.Handles}; 0 for
   *     {@link #none()}
   */
  public static <T> FarRef<T> of(Class<T> type, long handle) {
    return handle == Handle.NULL ? none() : new FarRef<>(Objects.requireNonNull(type), handle);
  }

  /** Whether it refers to nothing. */
  public boolean isNone() {
    return handle == Handle.NULL;
  }

  /**
   * The handle, for the operations of {@link io.farheap.Handles}.
   *
   * @return 0 for {@link #none()}
   */
  public long handle() {
    return handle;
  }

  /** What the object was allocated as; null for {@link #none()}. */
  public Class<T> type() {
    return type;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FarRef<?> ref && ref.handle == handle && ref.type == type;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(handle);
  }

  @Override
  public String toString() {
    return isNone()
        ? "FarRef[none]"
        : "FarRef["
            + type.getSimpleName()
            + " "
            + Handle.index(handle)
            + "/"
            + Handle.generation(handle)
            + "]";
  }
}
