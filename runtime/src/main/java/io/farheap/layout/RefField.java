package io.farheap.layout;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Access to one {@link FarRef} component of a record in far memory; made by {@link
 * RecordLayout#refField}. Code that follows many references uses the plain handles, which need no
 * Java object.
 *
 * @param <T> the record class
 * @param <V> the class of the object referred to
 * @param recordType the record class; the outermost one for a nested component
 * @param name the component's name, or its path such as {@code links.next}
 * @param offset bytes from the record's first byte to the component
 * @param target the class of the object referred to
 */
public record RefField<T, V>(Class<T> recordType, String name, int offset, Class<V> target)
    implements Field<T> {

  /**
   * Reads the component from a record's bytes.
   *
   * @param bytes a dereferenced record, from its first byte
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public FarRef<V> get(MemorySegment bytes) {
    return FarRef.of(target, getHandle(bytes));
  }

  /**
   * Writes the component into a record's bytes.
   *
   * @param bytes a record dereferenced for writing, from its first byte
   * @param value what to store; {@link FarRef#none()} for nothing
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public void set(MemorySegment bytes, FarRef<V> value) {
    setHandle(bytes, value.handle());
  }

  /**
   * Reads the component as a plain handle.
   *
   * @param bytes a dereferenced record, from its first byte
   * @return 0 if it refers to nothing
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public long getHandle(MemorySegment bytes) {
    return bytes.get(JAVA_LONG_UNALIGNED, offsetBytes());
  }

  /**
   * Writes the component as a plain handle.
   *
   * @param bytes a record dereferenced for writing, from its first byte
   * @param handle what to store; 0 for nothing
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public void setHandle(MemorySegment bytes, long handle) {
    bytes.set(JAVA_LONG_UNALIGNED, offsetBytes(), handle);
  }
}
