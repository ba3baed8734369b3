package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;

/**
 * What an operation says of an item, beside its {@link Outcome}. Reused by its owner, which passes
 * it from one operation to the next; for one thread at a time.
 */
public final class ItemInfo {
  int clientFlags;
  long cas;
  long expirySeconds;
  long lastAccessSeconds;
  int keyLengthBytes;
  int valueLengthBytes;
  long number;
  boolean fetchedBefore;
  boolean stale;
  boolean won;
  boolean tokenSent;
  boolean binaryKey;
  boolean created;
  MemorySegment target;
  long targetOffset;

  /** Makes one that says nothing yet. */
  public ItemInfo() {}

  /** The client's 32 bits. */
  public int clientFlags() {
    return clientFlags;
  }

  /** CAS unique, as an unsigned number; never 0 of an item. */
  public long cas() {
    return cas;
  }

  /** When the item expires, in seconds since 1970; 0 for never. */
  public long expirySeconds() {
    return expirySeconds;
  }

  /** When the item was last used before this operation, in seconds since 1970, about. */
  public long lastAccessSeconds() {
    return lastAccessSeconds;
  }

  /** Length of the key in bytes. */
  public int keyLengthBytes() {
    return keyLengthBytes;
  }

  /** Length of the value in bytes. */
  public int valueLengthBytes() {
    return valueLengthBytes;
  }

  /** What {@link ItemStore#delta} made of the item: an unsigned number of 64 bits. */
  public long number() {
    return number;
  }

  /** Whether the item was read before, since it was stored. */
  public boolean fetchedBefore() {
    return fetchedBefore;
  }

  /** Whether the item was marked stale. */
  public boolean stale() {
    return stale;
  }

  /** Whether this operation is the one that may renew the item. */
  public boolean won() {
    return won;
  }

  /** Whether another operation was told before that it may renew the item. */
  public boolean tokenSent() {
    return tokenSent;
  }

  /** Whether the key was given as binary. */
  public boolean binaryKey() {
    return binaryKey;
  }

  /** Whether this operation made the item, since it was absent. */
  public boolean created() {
    return created;
  }

  /**
   * Has the value copied once {@link ItemSink#found} returns.
   *
   * @param segment has room for {@link #valueLengthBytes}
   * @param offsetBytes where the value begins in it
   */
  public void copyValueTo(MemorySegment segment, long offsetBytes) {
    target = segment;
    targetOffset = offsetBytes;
  }

  void clear() {
    clientFlags = 0;
    cas = 0;
    expirySeconds = 0;
    lastAccessSeconds = 0;
    keyLengthBytes = 0;
    valueLengthBytes = 0;
    number = 0;
    fetchedBefore = false;
    stale = false;
    won = false;
    tokenSent = false;
    binaryKey = false;
    created = false;
    target = null;
    targetOffset = 0;
  }
}
