package io.farheap.jmh.work;

import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;

/**
 * What an evacuator did.
 *
 * @param nanos for how long it worked, in nanoseconds
 * @param bytes of objects that it moved, headers included
 */
public record EvacuationWork(long nanos, long bytes) {
  public static final EvacuationWork NONE = new EvacuationWork(0, 0);

  /** From the opening of a heap, or in the stretch that a difference stands for. */
  public static EvacuationWork of(HeapStats stats) {
    return new EvacuationWork(
        stats.count(Counter.EVACUATION_NANOS), stats.count(Counter.BYTES_EVACUATED));
  }

  /** Both together. */
  public EvacuationWork plus(EvacuationWork other) {
    return new EvacuationWork(nanos + other.nanos, bytes + other.bytes);
  }

  /** What was done since the other. */
  public EvacuationWork minus(EvacuationWork other) {
    return new EvacuationWork(nanos - other.nanos, bytes - other.bytes);
  }
}
