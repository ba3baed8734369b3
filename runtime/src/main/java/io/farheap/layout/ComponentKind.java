package io.farheap.layout;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.ValueLayout;

/**
 * The table of the primitives that a component can be, by itself or as the element of an array.
 * Layout, codec generator, diagram and messages all work from it.
 */
enum ComponentKind {
  BOOLEAN(boolean.class, ValueLayout.JAVA_BOOLEAN, CodecSupport.class, "Boolean"),
  BYTE(byte.class, ValueLayout.JAVA_BYTE, NativeMemory.class, "Byte"),
  SHORT(short.class, ValueLayout.JAVA_SHORT, NativeMemory.class, "Short"),
  CHAR(char.class, ValueLayout.JAVA_CHAR, NativeMemory.class, "Char"),
  INT(int.class, ValueLayout.JAVA_INT, NativeMemory.class, "Int"),
  LONG(long.class, ValueLayout.JAVA_LONG, NativeMemory.class, "Long"),
  FLOAT(float.class, ValueLayout.JAVA_FLOAT, NativeMemory.class, "Float"),
  DOUBLE(double.class, ValueLayout.JAVA_DOUBLE, NativeMemory.class, "Double");

  /** What a record may be made of, for messages. */
  static final String SUPPORTED =
      "Supported are boolean, byte, short, char, int, long, float, double, FarRef<R> for a"
          + " record R or byte[], records of supported components, and arrays of primitives with"
          + " @Length(n).";

  private final Class<?> type;

  /** Immutable, though not annotated so. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final ValueLayout layout;

  private final Class<?> access;
  private final String accessSuffix;

  /**
   * A row.
   *
   * @param type the component's Java type
   * @param layout its bytes
   * @param access class with the static methods {@code T get<Suffix>(long rawAddress)} and {@code
   *     void put<Suffix>(long rawAddress, T value)}; arrays go through {@link RawArrays} by the
   *     same suffix in the plural
   */
  ComponentKind(Class<?> type, ValueLayout layout, Class<?> access, String accessSuffix) {
    this.type = type;
    this.layout = layout;
    this.access = access;
    this.accessSuffix = accessSuffix;
  }

  /** The kind of a Java type, or null when there is none. */
  static ComponentKind of(Class<?> type) {
    for (ComponentKind kind : values()) {
      if (kind.type == type) {
        return kind;
      }
    }
    return null;
  }

  Class<?> type() {
    return type;
  }

  ValueLayout layout() {
    return layout;
  }

  int sizeBytes() {
    return (int) layout.byteSize();
  }

  Class<?> access() {
    return access;
  }

  String getterName() {
    return "get" + accessSuffix;
  }

  String putterName() {
    return "put" + accessSuffix;
  }

  String arrayGetterName() {
    return getterName() + "s";
  }

  String arrayPutterName() {
    return putterName() + "s";
  }

  /** The method of {@link RecordLayout} that gives access to such a component. */
  String fieldMethodName() {
    return type.getSimpleName() + "Field";
  }
}
