package io.farheap.apps.memcached.server;

/** How an operation on a cache ended. */
public enum Outcome {
  /** It was done. */
  DONE,
  /** There is no such item. */
  NOT_FOUND,
  /** The item is there and should not be, or the other way round. */
  NOT_STORED,
  /** The item has changed since the client saw it. */
  EXISTS,
  /** The item holds no number. */
  NON_NUMERIC,
  /** The value is larger than items may be. */
  TOO_LARGE,
  /** There is no memory, and none can be had by evicting. */
  NO_MEMORY,
  /** Nothing was done, since it would wait for far memory. */
  WOULD_WAIT
}
