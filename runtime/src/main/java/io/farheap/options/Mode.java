package io.farheap.options;

/**
 * Which of the two ways in a heap uses. All three run the same code, so that they can be compared
 * honestly; use {@link #HYBRID} for everything else.
 */
public enum Mode {
  /** Each page's path selector flag says which path its misses take. */
  HYBRID,
  /** Every miss fetches its page: a stand-in for kernel swap. */
  PAGING_ONLY,
  /** Every miss fetches its object: a stand-in for AIFM. */
  OBJECT_ONLY
}
