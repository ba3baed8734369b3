package io.farheap.layout;

import static java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Access to one {@code char} component of a record in far memory; made by {@link
 * RecordLayout#charField}.
 *
 * @param <T> the record class
 * @param recordType the record class; the outermost one for a nested component
 * @param name the component's name, or its path such as {@code position.x}
 * @param offset bytes from the record's first byte to the component
 */
public record CharField<T>(Class<T> recordType, String name, int offset) implements Field<T> {

  /**
   * Reads the component from a record's bytes.
   *
   * @param bytes a dereferenced record, from its first byte
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public char get(MemorySegment bytes) {
    return bytes.get(JAVA_CHAR_UNALIGNED, offsetBytes());
  }

  /**
   * Writes the component into a record's bytes.
   *
   * @param bytes a record dereferenced for writing, from its first byte
   * @param value what to store
   * @throws IndexOutOfBoundsException when the bytes are too few for the record
   */
  public void set(MemorySegment bytes, char value) {
    bytes.set(JAVA_CHAR_UNALIGNED, offsetBytes(), value);
  }
}
