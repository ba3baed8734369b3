package io.farheap.layout;

/**
 * The place of one component, a primitive or a reference, inside every record of a class. The kind
 * per type reads and writes the component without building the record.
 *
 * <p>Keep it in a {@code static final} field: fields are records, so that the JIT takes the offset
 * of such a constant for a constant.
 *
 * @param <T> the record class
 */
public sealed interface Field<T>
    permits BooleanField,
        ByteField,
        ShortField,
        CharField,
        IntField,
        LongField,
        FloatField,
        DoubleField,
        RefField {

  /** The record class; the outermost one for a nested component. */
  Class<T> recordType();

  /** The component's name, or its path such as {@code position.x}. */
  String name();

  /** Bytes from the record's first byte to the component. */
  int offset();

  /** Bytes from the record's first byte to the component, as segments and pointers want it. */
  default long offsetBytes() {
    return offset();
  }
}
