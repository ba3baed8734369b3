package io.farheap.allocator;

/** What a segment's objects have in common; each kind goes to segments of its own. */
public enum Heat {
  /** Newly allocated. */
  PLAIN,
  /** Fetched by the object path, or found accessed by the evacuator. */
  HOT,
  /** Found not accessed by the evacuator. */
  COLD,
  /** Objects larger than a page, each in a run of pages. */
  LARGE
}
