package io.farheap.apps.memcached.server;

import java.lang.foreign.MemorySegment;

/** What to store, and under which conditions; one object serves many. */
public final class ItemWrite {
  /** When a value is stored. */
  public enum Mode {
    /** Always. */
    SET,
    /** If there is no such item. */
    ADD,
    /** If there is such an item. */
    REPLACE,
    /** Behind the value that is there. */
    APPEND,
    /** Before the value that is there. */
    PREPEND,
    /** If there is such an item in the version wanted. */
    CAS
  }

  private Mode mode = Mode.SET;
  private int flags;
  private long expiry;
  private long casWanted;
  private long casGiven;
  private boolean keyEncoded;
  private boolean staleAllowed;
  private MemorySegment base = MemorySegment.NULL;
  private long at;
  private int length;
  private long casStored;

  /** Creates a write of nothing. */
  public ItemWrite() {}

  /** Sets everything that the next write is about, and forgets the rest. */
  void set(Mode newMode, int newFlags, long newExpiry, long newCasWanted) {
    mode = newMode;
    flags = newFlags;
    expiry = newExpiry;
    casWanted = newCasWanted;
    casGiven = 0;
    keyEncoded = false;
    staleAllowed = false;
    casStored = 0;
  }

  void setMeta(long newCasGiven, boolean newKeyEncoded, boolean newStaleAllowed) {
    casGiven = newCasGiven;
    keyEncoded = newKeyEncoded;
    staleAllowed = newStaleAllowed;
  }

  void setValue(MemorySegment bytes, long from, int lengthBytes) {
    base = bytes;
    at = from;
    length = lengthBytes;
  }

  /** When it is stored. */
  public Mode mode() {
    return mode;
  }

  /** The client's flags; what is appended or prepended leaves those that are there. */
  public int flags() {
    return flags;
  }

  /** When it expires, as a Unix time in seconds; 0 for never. */
  public long expiry() {
    return expiry;
  }

  /** The version that the item must have; 0 for any. */
  public long casWanted() {
    return casWanted;
  }

  /** The version that the item is to have; 0 for a new one. */
  public long casGiven() {
    return casGiven;
  }

  /** Whether the key came as base64. */
  public boolean isKeyEncoded() {
    return keyEncoded;
  }

  /** Whether a version older than the item's is stored too, and marked as stale. */
  public boolean isStaleAllowed() {
    return staleAllowed;
  }

  /** Where the value's bytes are. */
  public MemorySegment base() {
    return base;
  }

  /** Where the value begins. */
  public long at() {
    return at;
  }

  /** How many bytes the value has. */
  public int length() {
    return length;
  }

  /** The version that was stored; 0 if none was. */
  public long casStored() {
    return casStored;
  }

  /** Notes the version that was stored. */
  public void setCasStored(long cas) {
    casStored = cas;
  }
}
