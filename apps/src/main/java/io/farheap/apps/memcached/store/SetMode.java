package io.farheap.apps.memcached.store;

/** When a value is stored, and how it meets the one that is there. */
public enum SetMode {
  /** Always. */
  SET,
  /** Only if there is no item. */
  ADD,
  /** Only if there is an item. */
  REPLACE,
  /** Behind the value that is there; its client flags and expiry stay. */
  APPEND,
  /** Before the value that is there; its client flags and expiry stay. */
  PREPEND
}
