package io.farheap.stats;

/** The levels that a heap can be asked for at any moment. */
public enum Gauge {
  /** Frames that hold no page. */
  FRAMES_FREE,
  /** Frames of the local budget. */
  FRAMES_TOTAL,
  /** Bytes of page table, pointer records and cards: local memory outside the budget. */
  LOCAL_METADATA_BYTES,
  /** Bytes of far address space that live objects take up. */
  FAR_BYTES_LIVE,
  /** Bytes of far address space in segments that aren't free. */
  FAR_BYTES_TOTAL,
  /** Scopes that are open. */
  OPEN_SCOPES,
  /** Pins that are held. */
  PINS,
  /** Pointer records of live objects. */
  RECORDS_LIVE,
  /** Segments that are some stripe's allocation buffer. */
  SEGMENTS_OPEN
}
