package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A key and its hash. Reused by its owner; for one thread at a time.
 *
 * <p>It keeps the bytes: a lookup then compares against an array whatever buffer the key came in,
 * and the JIT makes no object of it; copying them costs about as much as looking at them.
 */
public final class ItemKey {
  /** Longest key in bytes. */
  public static final int MAX_LENGTH_BYTES = 250;

  final byte[] bytes = new byte[(MAX_LENGTH_BYTES + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
  int lengthBytes;
  long hash;
  final Lookup lookup = new Lookup();

  /** Makes one without a key. */
  public ItemKey() {}

  /**
   * Takes a key.
   *
   * @param base holds the key
   * @param offsetBytes of the key's first byte
   * @param newLengthBytes 1 to {@link #MAX_LENGTH_BYTES}
   * @return this
   */
  public ItemKey at(MemorySegment base, long offsetBytes, int newLengthBytes) {
    if (newLengthBytes < 1 || newLengthBytes > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "a key of " + newLengthBytes + " bytes; it has 1 to " + MAX_LENGTH_BYTES);
    }
    MemorySegment.copy(base, ValueLayout.JAVA_BYTE, offsetBytes, bytes, 0, newLengthBytes);
    this.lengthBytes = newLengthBytes;
    this.hash = KeyHash.of(bytes, newLengthBytes);
    return this;
  }

  /** Length of the key in bytes. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** Copies the key. */
  public void copyTo(MemorySegment target, long targetOffset) {
    MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, targetOffset, lengthBytes);
  }

  /** A copy of the key. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, lengthBytes);
  }
}
