package io.farheap.layout;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Access to one {@code float} component of a record in far memory; made by {@link
 * RecordLayout#floatField}.
 *
 * @param <T> the record class
 * @param recordType the record class; the outermost one for a nested component
 * @param name the component's name, or its path such as {@code position.x}
 * @param offset bytes from the record's first byte to the component
 */
public record FloatField<T>(Class<T> recordType, String name, int offset) implements Field<T> {

  /**
   * Reads the component from a record's bytes.
   *
   * @param bytes a dereferenced record, from its first byte
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public float get(MemorySegment bytes) {
    return bytes.get(JAVA_FLOAT_UNALIGNED, offsetBytes());
  }

  /**
   * Writes the component into a record's bytes.
   *
   * @param bytes a record dereferenced for writing, from its first byte
   * @param value what to store
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public void set(MemorySegment bytes, float value) {
    bytes.set(JAVA_FLOAT_UNALIGNED, offsetBytes(), value);
  }
}
