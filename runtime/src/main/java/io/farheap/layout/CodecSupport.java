package io.farheap.layout;

import io.farheap.base.memory.NativeMemory;
import io.farheap.error.LayoutException;
import java.lang.reflect.Array;

/**
 * The checks and odd accesses of generated codecs. {@link CodecGenerator} and {@link ComponentKind}
 * name these methods in bytecode; each is small enough to be inlined, with the message made apart.
 */
final class CodecSupport {
  private CodecSupport() {}

  /** Load of a boolean: any byte but 0 is true. */
  static boolean getBoolean(long rawAddress) {
    return NativeMemory.getByte(rawAddress) != 0;
  }

  /** Store of a boolean as byte 0 or 1. */
  static void putBoolean(long rawAddress, boolean value) {
    NativeMemory.putByte(rawAddress, (byte) (value ? 1 : 0));
  }

  /** Load of a reference; its target is a constant of the generated code. */
  static FarRef<?> getRef(long rawAddress, Class<?> target) {
    return FarRef.of(target, NativeMemory.getLong(rawAddress));
  }

  /** Store of a reference. */
  static void putRef(long rawAddress, FarRef<?> ref) {
    NativeMemory.putLong(rawAddress, ref.handle());
  }

  /**
   * Zeroes a gap before a component, so that equal records have equal bytes and none of what was
   * there before.
   *
   * @param lengthBytes 1 to 7; a constant at every call, so that only the needed stores remain
   */
  static void zeroPadding(long rawAddress, int lengthBytes) {
    long at = rawAddress;
    if ((lengthBytes & 1) != 0) {
      NativeMemory.putByte(at, (byte) 0);
      at += Byte.BYTES;
    }
    if ((lengthBytes & 2) != 0) {
      NativeMemory.putShort(at, (short) 0);
      at += Short.BYTES;
    }
    if ((lengthBytes & 4) != 0) {
      NativeMemory.putInt(at, 0);
    }
  }

  /** Refuses an object whose length is not that of the record. */
  static void requireLength(int actualBytes, int expectedBytes, String label) {
    if (actualBytes != expectedBytes) {
      throw wrongObject(actualBytes, expectedBytes, label);
    }
  }

  /** Refuses null. */
  static void requireValue(Object value, String label) {
    if (value == null) {
      throw nullValue(label);
    }
  }

  /** Refuses null where a reference to nothing is meant. */
  static void requireRef(FarRef<?> ref, String label) {
    if (ref == null) {
      throw new LayoutException(label + " is null: refer to nothing by FarRef.none().");
    }
  }

  /** Refuses a null array and one of another length than the layout has. */
  static void requireArray(Object array, int length, String label) {
    if (array == null) {
      throw nullValue(label);
    }
    if (Array.getLength(array) != length) {
      throw wrongArray(Array.getLength(array), length, label);
    }
  }

  private static LayoutException wrongObject(int actualBytes, int expectedBytes, String label) {
    return new LayoutException(
        "The object has "
            + actualBytes
            + " bytes, but a "
            + label
            + " takes "
            + expectedBytes
            + ": access it as the type that it was allocated with.");
  }

  private static LayoutException nullValue(String label) {
    return new LayoutException(
        label + " is null: far memory holds values, not references; give it a value.");
  }

  private static LayoutException wrongArray(int actual, int expected, String label) {
    return new LayoutException(
        label
            + " has "
            + actual
            + " elements instead of "
            + expected
            + ": its length is fixed, give it an array of exactly that length.");
  }
}
