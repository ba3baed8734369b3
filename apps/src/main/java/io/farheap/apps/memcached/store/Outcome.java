package io.farheap.apps.memcached.store;

/** How an operation on the store ended. */
public enum Outcome {
  /** The item was there: it was read, touched, counted, deleted or marked. */
  HIT,
  /** No such item: absent, expired, flushed, or lost with its memory server. */
  MISS,
  /** The item was stored. */
  STORED,
  /** The item was not stored, since the mode asks for one that is there, or that is not. */
  NOT_STORED,
  /** The item has another CAS unique than the request asks for. */
  EXISTS,
  /** The item would be larger than the limit; an older item of the key is gone, after a set. */
  TOO_LARGE,
  /** There is no memory for the item, even after eviction, or eviction is turned off. */
  NO_MEMORY,
  /** The item holds no decimal number of 64 bits. */
  NOT_A_NUMBER,
  /** A memory server does not answer; the item is untouched, and there again once it does. */
  UNAVAILABLE,
  /**
   * Nothing was done and nothing counted: the operation would have had to wait, for far memory, for
   * a frame or for another operation on the key that waits. Repeat it where waiting is allowed.
   */
  WOULD_WAIT
}
