package io.farheap.broken;

/** A rule of the protocol that a test agent can leave out. */
enum Rule {
  /** Nothing is left out: a control, in which no check may fail. */
  NONE,
  /** One path per page: the path selector flag changes only while the page goes out. */
  FLAG_CHANGES_ONLY_ON_THE_WAY_OUT,
  /** A page in use does not leave: page-out waits for the scopes. */
  EVICTION_WAITS_FOR_SCOPES,
  /** A page in use does not leave: page-out leaves pinned pages alone. */
  EVICTION_RESPECTS_PINS,
  /** A page in use does not leave: whoever was rescued keeps its frame. */
  A_RESCUED_PAGE_KEEPS_ITS_FRAME,
  /** An object in use does not move: evacuation waits for the scopes. */
  EVACUATION_WAITS_FOR_SCOPES,
  /** An object in use does not move: evacuation leaves pinned pages alone. */
  EVACUATION_RESPECTS_PINS,
  /** An object in use does not move: evacuation copies what is there after the grace period. */
  EVACUATION_COPIES_AFTER_GRACE,
  /** One truth: nobody writes to a page again that was a source of copies. */
  A_QUIET_PAGE_NEVER_COMES_BACK,
  /** A page in use does not leave: a source's frame waits for who may still copy from it. */
  QUIET_FRAMES_WAIT_FOR_SCOPES,
  /** One truth: objects are kept of pages only that nobody can fetch and change meanwhile. */
  SURVIVORS_LEAVE_IMMUTABLE_PAGES,
  /** One truth: what is read to be moved cannot change any more. */
  COMPACTION_READS_IMMUTABLE_PAGES,
  /** A page in use does not leave: nobody else gets a frame that bytes may still come into. */
  STAGING_FRAMES_STAY_UNTIL_THE_READ_ENDED,
  /** One truth: a fetched page is mapped when its bytes are there. */
  FETCHES_END_WHEN_THE_BYTES_ARE_HERE,
  /** A page in use does not leave: the recycler leaves segments alone that are being cleaned. */
  CLEANED_SEGMENTS_ARE_NOT_RECYCLED,
  /** No lost update: dirty pages are written. */
  DIRTY_PAGES_ARE_WRITTEN,
  /** No lost update: dirty is looked at after the grace period. */
  DIRTY_IS_READ_AFTER_GRACE,
  /** No lost update: the frame is given back after the acknowledgement. */
  FRAMES_GO_AFTER_THE_ACKNOWLEDGEMENT,
  /** No lost update: far memory acknowledges what it has stored. */
  FAR_MEMORY_ACKNOWLEDGES_WHAT_IT_HAS,
  /** One truth: a copy is installed by compare-and-set on the place that was copied. */
  COPIES_ARE_INSTALLED_BY_COMPARE_AND_SET,
  /** One truth: who installs a copy takes the old one out of the count. */
  THE_OLD_COPY_IS_COUNTED_OUT,
  /** No stale access: a free raises the generation. */
  A_FREE_RAISES_THE_GENERATION,
  /** No stale access: a read without a scope looks at both words again. */
  READS_WITHOUT_A_SCOPE_CHECK_AGAIN,
  /** No stale access: a dead page's frame waits for the scopes. */
  RECYCLING_WAITS_FOR_SCOPES,
  /** No stale access: a dead page's frame stays while it is pinned. */
  RECYCLING_RESPECTS_PINS,
  /** Bounded: every frame that a page leaves goes back to the pool. */
  FRAMES_COME_BACK,
}
