package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A key where it lies: in the buffer that it came in. Reused by its owner; for one thread at a
 * time. The bytes stay where they are, unchanged, until the operations with the key are over.
 */
public final class ItemKey {
  /** Longest key in bytes. */
  public static final int MAX_LENGTH_BYTES = 250;

  MemorySegment base;
  long offset;
  int lengthBytes;
  long hash;
  final Lookup lookup = new Lookup();

  /** Makes one without a key. */
  public ItemKey() {}

  /**
   * Points to a key.
   *
   * @param newBase holds the key
   * @param offsetBytes of the key's first byte
   * @param newLengthBytes 1 to {@link #MAX_LENGTH_BYTES}
   * @return this
   */
  public ItemKey at(MemorySegment newBase, long offsetBytes, int newLengthBytes) {
    if (newLengthBytes < 1 || newLengthBytes > MAX_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "a key of " + newLengthBytes + " bytes; it has 1 to " + MAX_LENGTH_BYTES);
    }
    this.base = newBase;
    this.offset = offsetBytes;
    this.lengthBytes = newLengthBytes;
    this.hash = KeyHash.of(newBase, offsetBytes, newLengthBytes);
    return this;
  }

  /** Length of the key in bytes. */
  public int lengthBytes() {
    return lengthBytes;
  }

  /** Copies the key. */
  public void copyTo(MemorySegment target, long targetOffset) {
    MemorySegment.copy(base, offset, target, targetOffset, lengthBytes);
  }

  /** A copy of the key. */
  public byte[] toByteArray() {
    return base.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }
}
