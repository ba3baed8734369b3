package io.farheap.apps.memcached.store;

import java.lang.foreign.MemorySegment;

/** What is to be stored, and when. Reused by its owner; for one thread at a time. */
public final class SetRequest {
  static final long NONE = -1;

  SetMode mode = SetMode.SET;
  MemorySegment value;
  long valueOffset;
  int valueLengthBytes;
  int clientFlags;
  long expirySeconds;
  boolean hasCas;
  long casWanted;
  long casNew;
  boolean invalidate;
  boolean binaryKey;
  long vivifyExpirySeconds = NONE;

  /** Makes a set of nothing. */
  public SetRequest() {}

  /**
   * Makes it a plain set.
   *
   * @param base holds the value, unchanged until the operation is over
   * @param offsetBytes where it begins
   * @param lengthBytes of the value
   * @param newClientFlags the client's 32 bits
   * @param newExpirySeconds since 1970; 0 for never; a moment that has passed stores an item that
   *     nobody will see
   * @return this
   */
  public SetRequest set(
      MemorySegment base,
      long offsetBytes,
      int lengthBytes,
      int newClientFlags,
      long newExpirySeconds) {
    mode = SetMode.SET;
    value = base;
    valueOffset = offsetBytes;
    valueLengthBytes = lengthBytes;
    clientFlags = newClientFlags;
    expirySeconds = newExpirySeconds;
    hasCas = false;
    casWanted = 0;
    casNew = 0;
    invalidate = false;
    binaryKey = false;
    vivifyExpirySeconds = NONE;
    return this;
  }

  /**
   * Changes when it is stored.
   *
   * @return this
   */
  public SetRequest mode(SetMode newMode) {
    mode = newMode;
    return this;
  }

  /**
   * Stores only over an item with this CAS unique: {@link Outcome#EXISTS} if it has another, {@link
   * Outcome#MISS} if there is none.
   *
   * @param cas 0 for any
   * @return this
   */
  public SetRequest cas(long cas) {
    casWanted = cas;
    hasCas = cas != 0;
    return this;
  }

  /**
   * As {@link #cas}, but 0 is a CAS unique too, which no item has.
   *
   * @return this
   */
  public SetRequest casRequired(long cas) {
    casWanted = cas;
    hasCas = true;
    return this;
  }

  /**
   * Gives the item a CAS unique of the client's choice.
   *
   * @param cas 0 for one of the store's
   * @return this
   */
  public SetRequest newCas(long cas) {
    casNew = cas;
    return this;
  }

  /**
   * With {@link #cas}: stores also if the item's CAS unique is higher than the one asked for, as a
   * stale item.
   *
   * @return this
   */
  public SetRequest invalidate() {
    invalidate = true;
    return this;
  }

  /**
   * Notes that the key was given as binary.
   *
   * @return this
   */
  public SetRequest binaryKey() {
    binaryKey = true;
    return this;
  }

  /**
   * With {@link SetMode#APPEND} and {@link SetMode#PREPEND}: stores the value if there is no item.
   *
   * @param newExpirySeconds of the new item: since 1970; 0 for never
   * @return this
   */
  public SetRequest vivify(long newExpirySeconds) {
    vivifyExpirySeconds = newExpirySeconds;
    return this;
  }
}
