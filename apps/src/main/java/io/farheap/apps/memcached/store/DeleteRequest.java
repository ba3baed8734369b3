package io.farheap.apps.memcached.store;

/** How an item is to go. Reused by its owner; for one thread at a time. */
public final class DeleteRequest {
  static final long NONE = -1;

  long casWanted;
  long casNew;
  boolean invalidate;
  boolean dropValue;
  long newExpirySeconds = NONE;

  /** Makes a plain delete. */
  public DeleteRequest() {}

  /**
   * Makes it a plain delete again.
   *
   * @return this
   */
  public DeleteRequest plain() {
    casWanted = 0;
    casNew = 0;
    invalidate = false;
    dropValue = false;
    newExpirySeconds = NONE;
    return this;
  }

  /**
   * Deletes only an item with this CAS unique.
   *
   * @param cas 0 for any
   * @return this
   */
  public DeleteRequest cas(long cas) {
    casWanted = cas;
    return this;
  }

  /**
   * Gives an item that stays a CAS unique of the client's choice.
   *
   * @param cas 0 for one of the store's
   * @return this
   */
  public DeleteRequest newCas(long cas) {
    casNew = cas;
    return this;
  }

  /**
   * Marks the item stale, gives it another CAS unique and takes the token back, instead of deleting
   * it.
   *
   * @return this
   */
  public DeleteRequest invalidate() {
    invalidate = true;
    return this;
  }

  /**
   * Empties the item and clears its client flags, instead of deleting it.
   *
   * @return this
   */
  public DeleteRequest dropValue() {
    dropValue = true;
    return this;
  }

  /**
   * With {@link #invalidate}: gives the item another expiry.
   *
   * @param seconds since 1970; 0 for never
   * @return this
   */
  public DeleteRequest expireAt(long seconds) {
    newExpirySeconds = seconds;
    return this;
  }
}
