package io.farheap.layout;

/**
 * The place of one primitive component inside every record of a class. The subclass per primitive
 * type reads and writes the component without building the record.
 *
 * <p>Immutable and safe for all threads; keep it in a {@code static final} field.
 *
 * @param <T> the record class
 */
public abstract sealed class Field<T>
    permits BooleanField,
        ByteField,
        ShortField,
        CharField,
        IntField,
        LongField,
        FloatField,
        DoubleField {
  private final Class<T> recordType;
  private final String name;
  private final long offsetBytes;

  Field(Class<T> recordType, String name, long offsetBytes) {
    this.recordType = recordType;
    this.name = name;
    this.offsetBytes = offsetBytes;
  }

  /** The record class; the outermost one for a nested component. */
  public final Class<T> recordType() {
    return recordType;
  }

  /** The component's name, or its path such as {@code position.x}. */
  public final String name() {
    return name;
  }

  /** Bytes from the record's first byte to the component. */
  public final long offsetBytes() {
    return offsetBytes;
  }

  /** Kind, record, name and offset, for messages. */
  @Override
  public final String toString() {
    return getClass().getSimpleName()
        + " "
        + recordType.getSimpleName()
        + "."
        + name
        + " at offset "
        + offsetBytes;
  }
}
