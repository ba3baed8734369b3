package io.farheap.stats;

/** The durations whose distribution a heap keeps, all in nanoseconds. */
public enum Histo {
  /** From a miss on the object path to its bytes. */
  FETCH_OBJECT_NANOS,
  /** From a miss on the paging path to its bytes. */
  FETCH_PAGE_NANOS,
  /** How long operations waited for a frame. */
  STALL_NANOS,
  /** From a scope's opening to its end. */
  SCOPE_AGE_NANOS,
  /** From unmapping a batch to the leaving of the last older scope. */
  GRACE_NANOS,
  /** From handing a batch of dirty pages to the transport to its last acknowledgement. */
  WRITE_BACK_NANOS
}
