package io.farheap.rdma.verbs;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads the libraries' structures, by raw address. */
final class RawMemory {
  static final MemorySegment ALL = NativeMemory.ALL;

  private RawMemory() {}

  static byte getByte(long rawAddress) {
    return ALL.get(ValueLayout.JAVA_BYTE, rawAddress);
  }

  static int getInt(long rawAddress) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, rawAddress);
  }

  static long getLong(long rawAddress) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, rawAddress);
  }

  static String getString(long rawAddress) {
    return ALL.getString(rawAddress);
  }

  static byte[] getBytes(long rawAddress, int lengthBytes) {
    return ALL.asSlice(rawAddress, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }
}
