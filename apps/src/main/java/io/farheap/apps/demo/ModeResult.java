package io.farheap.apps.demo;

import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;

/**
 * What one mode did.
 *
 * @param mode the mode
 * @param elapsedNanos how long it was measured
 * @param tally the operations that were measured
 * @param stats what the heap did meanwhile, and how it stood afterwards
 * @param verified how many times an item was read and found right, in all steps together
 */
record ModeResult(Mode mode, long elapsedNanos, Tally tally, HeapStats stats, long verified) {
  double operationsPerSecond() {
    return tally.operations() * 1e9 / elapsedNanos;
  }

  /**
   * Bytes that moved in or out for each byte of an item that an operation read or wrote. The same
   * operations have the same useful bytes in every mode; hits move none, so it may be below 1.
   */
  double movedPerUsefulByte() {
    long moved = stats.count(Counter.BYTES_IN) + stats.count(Counter.BYTES_OUT);
    return (double) moved / Math.max(1, tally.usefulBytes());
  }

  /** The mode's name for reading. */
  String name() {
    return name(mode);
  }

  /** A mode's name for reading. */
  static String name(Mode mode) {
    return switch (mode) {
      case HYBRID -> "hybrid";
      case PAGING_ONLY -> "paging only";
      case OBJECT_ONLY -> "object only";
    };
  }
}
