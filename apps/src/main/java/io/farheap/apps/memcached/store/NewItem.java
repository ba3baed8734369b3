package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** An item about to be allocated: its head, and its value in up to two parts. */
final class NewItem implements Consumer<MemorySegment> {
  private final ItemKey key;
  private final int kind;
  private final long cas;
  private final long expirySeconds;
  private final int clientFlags;
  private final int valueLengthBytes;
  private MemorySegment first;
  private long firstOffset;
  private int firstLength;
  private MemorySegment second;
  private long secondOffset;
  private int secondLength;

  /**
   * Describes an item.
   *
   * @param marks kind bits beside those that say which fields there are
   * @param expiryField whether there is to be a place for an expiry, even if it is 0
   */
  NewItem(
      ItemKey key,
      int marks,
      boolean expiryField,
      long cas,
      long expirySeconds,
      int clientFlags,
      int valueLengthBytes) {
    this.key = key;
    this.kind =
        (marks & ~ItemLayout.FIELDS)
            | ItemLayout.kind(expirySeconds, clientFlags, cas)
            | (expiryField ? ItemLayout.HAS_EXPIRY : 0);
    this.cas = cas;
    this.expirySeconds = expirySeconds;
    this.clientFlags = clientFlags;
    this.valueLengthBytes = valueLengthBytes;
  }

  /** Says where the value, or the first part of it, comes from. */
  NewItem from(MemorySegment base, long offset, int lengthBytes) {
    first = base;
    firstOffset = offset;
    firstLength = lengthBytes;
    return this;
  }

  /** Says where the second part of the value comes from. */
  NewItem then(MemorySegment base, long offset, int lengthBytes) {
    second = base;
    secondOffset = offset;
    secondLength = lengthBytes;
    return this;
  }

  long lengthBytes() {
    return ItemLayout.lengthBytes(kind, key.lengthBytes, valueLengthBytes);
  }

  long cas() {
    return cas;
  }

  long expirySeconds() {
    return expirySeconds;
  }

  @Override
  public void accept(MemorySegment item) {
    int at = ItemLayout.write(item, kind, key.lengthBytes, cas, expirySeconds, clientFlags);
    key.copyTo(item, at);
    at += key.lengthBytes;
    if (firstLength > 0) {
      MemorySegment.copy(first, firstOffset, item, at, firstLength);
    }
    if (secondLength > 0) {
      MemorySegment.copy(second, secondOffset, item, at + firstLength, secondLength);
    }
  }
}
