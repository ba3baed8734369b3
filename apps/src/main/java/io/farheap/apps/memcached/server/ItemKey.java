package io.farheap.apps.memcached.server;

import java.lang.foreign.MemorySegment;

/** A key where it lies: in a request's bytes. One object serves many keys, one after another. */
public final class ItemKey {
  private MemorySegment base = MemorySegment.NULL;
  private long at;
  private int length;

  /** Creates a key of no bytes. */
  public ItemKey() {}

  /**
   * Lets this be another key.
   *
   * @param bytes where it is
   * @param from its first byte
   * @param lengthBytes how many it has
   */
  public void set(MemorySegment bytes, long from, int lengthBytes) {
    base = bytes;
    at = from;
    length = lengthBytes;
  }

  /** Where the key's bytes are. */
  public MemorySegment base() {
    return base;
  }

  /** Where the key begins. */
  public long at() {
    return at;
  }

  /** How many bytes the key has. */
  public int length() {
    return length;
  }
}
