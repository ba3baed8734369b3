package io.farheap.apps.memcached.store;

/**
 * What a read wants beside the item. Reused by its owner; for one thread at a time. As it is made,
 * and after {@link #plain()}, it is a plain get.
 */
public final class GetRequest {
  static final long NONE = -1;

  boolean noBump;
  boolean takesToken;
  long newExpirySeconds = NONE;
  long vivifyExpirySeconds = NONE;
  long recacheBelowSeconds = NONE;
  boolean touches;
  boolean binaryKey;

  /** Makes a plain get. */
  public GetRequest() {}

  /**
   * Makes it a plain get again.
   *
   * @return this
   */
  public GetRequest plain() {
    noBump = false;
    takesToken = false;
    touches = false;
    binaryKey = false;
    newExpirySeconds = NONE;
    vivifyExpirySeconds = NONE;
    recacheBelowSeconds = NONE;
    return this;
  }

  /**
   * Leaves no trace: neither the item's last access nor its place in the order of eviction changes.
   *
   * @return this
   */
  public GetRequest noBump() {
    noBump = true;
    return this;
  }

  /**
   * Gives the item another expiry; makes it a get-and-touch.
   *
   * @param seconds since 1970; 0 for never; a moment that has passed makes it expire now
   * @return this
   */
  public GetRequest expireAt(long seconds) {
    newExpirySeconds = seconds;
    return this;
  }

  /**
   * Counts as a touch: gat, or touch if there is no sink, which is no get at all.
   *
   * @return this
   */
  public GetRequest countTouch() {
    touches = true;
    return this;
  }

  /**
   * Makes an empty item if there is none, and answers it with {@link ItemInfo#won}; everybody else
   * is told {@link ItemInfo#tokenSent}.
   *
   * @param expirySeconds of the new item: since 1970; 0 for never
   * @param keyIsBinary what a new item says of its key
   * @return this
   */
  public GetRequest vivify(long expirySeconds, boolean keyIsBinary) {
    vivifyExpirySeconds = expirySeconds;
    binaryKey = keyIsBinary;
    return this;
  }

  /**
   * Answers {@link ItemInfo#won} to one request if the item expires soon; includes {@link
   * #takeToken}.
   *
   * @param seconds left to live, below which it is to be renewed
   * @return this
   */
  public GetRequest recacheBelow(long seconds) {
    recacheBelowSeconds = seconds;
    takesToken = true;
    return this;
  }

  /**
   * Answers {@link ItemInfo#won} to one request if the item is stale, as the meta protocol does.
   *
   * @return this
   */
  public GetRequest takeToken() {
    takesToken = true;
    return this;
  }

  boolean changesItem() {
    return newExpirySeconds != NONE || vivifyExpirySeconds != NONE || recacheBelowSeconds != NONE;
  }
}
