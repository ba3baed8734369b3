package io.farheap.layout;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Copies between primitive arrays and raw addresses of any alignment, in the native byte order.
 * {@link ComponentKind} names these methods in bytecode.
 */
final class RawArrays {
  /** One view for all copies: a slice per copy would be garbage until the JIT removes it. */
  private static final MemorySegment ALL = NativeMemory.view(0, Long.MAX_VALUE);

  private RawArrays() {}

  static boolean[] getBooleans(long rawAddress, int length) {
    boolean[] array = new boolean[length];
    for (int i = 0; i < length; i++) {
      array[i] = CodecSupport.getBoolean(rawAddress + i);
    }
    return array;
  }

  static void putBooleans(long rawAddress, boolean[] array) {
    for (int i = 0; i < array.length; i++) {
      CodecSupport.putBoolean(rawAddress + i, array[i]);
    }
  }

  static byte[] getBytes(long rawAddress, int length) {
    byte[] array = new byte[length];
    NativeMemory.copyOut(rawAddress, array, 0, length);
    return array;
  }

  static void putBytes(long rawAddress, byte[] array) {
    NativeMemory.copyIn(array, 0, rawAddress, array.length);
  }

  static short[] getShorts(long rawAddress, int length) {
    short[] array = new short[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_SHORT_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putShorts(long rawAddress, short[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_SHORT_UNALIGNED, rawAddress, array.length);
  }

  static char[] getChars(long rawAddress, int length) {
    char[] array = new char[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_CHAR_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putChars(long rawAddress, char[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_CHAR_UNALIGNED, rawAddress, array.length);
  }

  static int[] getInts(long rawAddress, int length) {
    int[] array = new int[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_INT_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putInts(long rawAddress, int[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_INT_UNALIGNED, rawAddress, array.length);
  }

  static long[] getLongs(long rawAddress, int length) {
    long[] array = new long[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_LONG_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putLongs(long rawAddress, long[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_LONG_UNALIGNED, rawAddress, array.length);
  }

  static float[] getFloats(long rawAddress, int length) {
    float[] array = new float[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putFloats(long rawAddress, float[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, rawAddress, array.length);
  }

  static double[] getDoubles(long rawAddress, int length) {
    double[] array = new double[length];
    MemorySegment.copy(ALL, ValueLayout.JAVA_DOUBLE_UNALIGNED, rawAddress, array, 0, length);
    return array;
  }

  static void putDoubles(long rawAddress, double[] array) {
    MemorySegment.copy(array, 0, ALL, ValueLayout.JAVA_DOUBLE_UNALIGNED, rawAddress, array.length);
  }
}
