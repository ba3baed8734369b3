package io.farheap.layout;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Access to one {@code byte} component of a record in far memory; made by {@link
 * RecordLayout#byteField}.
 *
 * @param <T> the record class
 * @param recordType the record class; the outermost one for a nested component
 * @param name the component's name, or its path such as {@code position.x}
 * @param offset bytes from the record's first byte to the component
 */
public record ByteField<T>(Class<T> recordType, String name, int offset) implements Field<T> {

  /**
   * Reads the component from a record's bytes.
   *
   * @param bytes a dereferenced record, from its first byte
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public byte get(MemorySegment bytes) {
    return bytes.get(JAVA_BYTE, offsetBytes());
  }

  /**
   * Writes the component into a record's bytes.
   *
   * @param bytes a record dereferenced for writing, from its first byte
   * @param value what to store
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public void set(MemorySegment bytes, byte value) {
    bytes.set(JAVA_BYTE, offsetBytes(), value);
  }
}
