package io.farheap.layout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native bytes for one object between guard bytes, filled with a pattern before use: an access
 * outside the object, or a byte that was not written, shows.
 */
final class LocalBytes implements AutoCloseable {
  static final byte PATTERN = (byte) 0xA5;

  private static final int GUARD_BYTES = 64;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment all;
  private final MemorySegment object;

  LocalBytes(int lengthBytes) {
    this(lengthBytes, 0);
  }

  LocalBytes(int lengthBytes, int misalignmentBytes) {
    all = arena.allocate(lengthBytes + 2L * GUARD_BYTES + misalignmentBytes, 16);
    all.fill(PATTERN);
    object = all.asSlice(GUARD_BYTES + misalignmentBytes, lengthBytes);
  }

  long rawAddress() {
    return object.address();
  }

  int lengthBytes() {
    return (int) object.byteSize();
  }

  MemorySegment bytes() {
    return object;
  }

  byte[] copy() {
    return object.toArray(ValueLayout.JAVA_BYTE);
  }

  <T> void write(Codec<T> codec, T value) {
    codec.write(rawAddress(), lengthBytes(), value);
  }

  <T> T read(Codec<T> codec) {
    return codec.read(rawAddress(), lengthBytes());
  }

  /** Whether no byte around the object has changed. */
  boolean guardsIntact() {
    long start = object.address() - all.address();
    for (long i = 0; i < all.byteSize(); i++) {
      boolean outside = i < start || i >= start + object.byteSize();
      if (outside && all.get(ValueLayout.JAVA_BYTE, i) != PATTERN) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    arena.close();
  }
}
