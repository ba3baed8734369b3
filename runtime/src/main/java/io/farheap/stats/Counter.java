package io.farheap.stats;

/** The events that a heap counts, from the moment it is opened. */
public enum Counter {
  /**
   * Dereferences through scopes, those of whole values and writes included, less the misses. Reads
   * of single components without a scope are not counted: counting would cost as much as reading.
   */
  HITS,
  /** Misses that fetched one object. */
  OBJECT_FETCHES,
  /** Misses that fetched a page, or all pages of a large object. */
  PAGE_FETCHES,
  /** Pages that readahead fetched before anybody asked. */
  PAGES_READ_AHEAD,
  /** Of those, pages that somebody asked for before they left again. */
  PAGES_READ_AHEAD_USED,
  /** Bytes read from memory servers. */
  BYTES_IN,
  /** Bytes written to memory servers. */
  BYTES_OUT,
  /**
   * Of the bytes read from memory servers, those that were used: of objects all, of pages what was
   * touched until they left again.
   */
  BYTES_USEFUL,
  /** Pages that lost their frame, dirty and clean ones together. */
  PAGES_OUT,
  /** Of those, pages that were clean and needed no write. */
  PAGES_DROPPED_CLEAN,
  /** Pages that a dereference took back on their way out. */
  RESCUES,
  /**
   * Pages on their way out that stayed, because a dereference took them back or a pin held them.
   */
  PAGES_KEPT,
  /** Pages without a live object that gave their frames back unwritten. */
  PAGES_RECYCLED,
  /** Pages that moved to another frame, to make room for a run of frames. */
  FRAMES_MOVED,
  /** Page-outs that set the path selector flag to the paging path. */
  PSF_TO_PAGING,
  /** Page-outs that set the path selector flag to the object path. */
  PSF_TO_RUNTIME,
  /** Pages that came in by the paging path and left for the object path. */
  PSF_FLIPS,
  /** Operations that had to wait for a frame. */
  STALLS,
  /** Relocations that an application thread did, instead of waiting for the one in charge. */
  HELPED_RELOCATIONS,
  /** Objects allocated. */
  ALLOCATIONS,
  /** Objects freed. */
  FREES,
  /** Reads without a scope that found their bytes changed and began anew. */
  OPTIMISTIC_RETRIES,
  /** Fetches that the transport failed or let time out. */
  FETCH_FAILURES,
  /** Page-outs that the transport failed or let time out; the page stays local. */
  WRITE_FAILURES,
  /**
   * How often an object's header was met that far memory gave back other than it was written. What
   * it says is not believed, but the bytes around it may be damaged too.
   */
  DAMAGED_HEADERS,
  /** Sampled pointers that became unreachable before they were closed. */
  LEAKS,
  /** Scopes that stayed open longer than {@code scope-warning}. */
  LONG_SCOPES,
  /** Segments that became free again as a whole. */
  SEGMENTS_RECYCLED,
  /** Accessed objects that were kept when the page that they shared with others went out. */
  SURVIVORS,
  /** Bytes of these objects, headers included. */
  BYTES_SURVIVED,
  /** Pages that the evacuator emptied. */
  PAGES_EVACUATED,
  /** Objects that the evacuator moved. */
  OBJECTS_EVACUATED,
  /** Bytes of the objects that the evacuator moved, headers included. */
  BYTES_EVACUATED,
  /** Of the bytes read from memory servers, those that the evacuator read. */
  BYTES_IN_EVACUATION,
  /** Nanoseconds for which the evacuator worked. */
  EVACUATION_NANOS
}
