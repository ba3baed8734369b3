package io.farheap.apps.memcached.store;

/** How a number is to be counted up or down. Reused by its owner; for one thread at a time. */
public final class DeltaRequest {
  static final long NONE = -1;

  boolean up;
  long amount;
  long casWanted;
  long casNew;
  boolean vivifies;
  long initial;
  long vivifyExpirySeconds;
  long newExpirySeconds = NONE;
  boolean binaryKey;

  /** Makes one that counts nothing. */
  public DeltaRequest() {}

  /**
   * Counts up; beyond 64 bits it begins again at 0.
   *
   * @param unsignedAmount by how much
   * @return this
   */
  public DeltaRequest incr(long unsignedAmount) {
    return start(true, unsignedAmount);
  }

  /**
   * Counts down, not below 0.
   *
   * @param unsignedAmount by how much
   * @return this
   */
  public DeltaRequest decr(long unsignedAmount) {
    return start(false, unsignedAmount);
  }

  private DeltaRequest start(boolean newUp, long unsignedAmount) {
    up = newUp;
    amount = unsignedAmount;
    casWanted = 0;
    casNew = 0;
    vivifies = false;
    initial = 0;
    vivifyExpirySeconds = 0;
    newExpirySeconds = NONE;
    binaryKey = false;
    return this;
  }

  /**
   * Counts only an item with this CAS unique.
   *
   * @param cas 0 for any
   * @return this
   */
  public DeltaRequest cas(long cas) {
    casWanted = cas;
    return this;
  }

  /**
   * Gives the item a CAS unique of the client's choice.
   *
   * @param cas 0 for one of the store's
   * @return this
   */
  public DeltaRequest newCas(long cas) {
    casNew = cas;
    return this;
  }

  /**
   * Makes an item if there is none; it is answered as {@link Outcome#HIT} with {@link
   * ItemInfo#created}.
   *
   * @param unsignedInitial its number
   * @param expirySeconds since 1970; 0 for never
   * @param keyIsBinary what it says of its key
   * @return this
   */
  public DeltaRequest vivify(long unsignedInitial, long expirySeconds, boolean keyIsBinary) {
    vivifies = true;
    initial = unsignedInitial;
    vivifyExpirySeconds = expirySeconds;
    binaryKey = keyIsBinary;
    return this;
  }

  /**
   * Gives the item another expiry.
   *
   * @param seconds since 1970; 0 for never
   * @return this
   */
  public DeltaRequest expireAt(long seconds) {
    newExpirySeconds = seconds;
    return this;
  }
}
