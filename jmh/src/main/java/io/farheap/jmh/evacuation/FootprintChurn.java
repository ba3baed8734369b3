package io.farheap.jmh.evacuation;

import io.farheap.FarHeap;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.jmh.work.FarHeaps;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.jmh.work.Workload;
import io.farheap.options.HeapOptions;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;

/**
 * Overwrites objects of a heap many times over and looks how much far space that takes. One that
 * has run out of far memory ends early, and says so.
 */
final class FootprintChurn implements AutoCloseable {
  /** Capacity of far memory in multiples of the objects. */
  private static final int FAR_SHARE = 4;

  private static final int LOCAL_PERCENT = 25;

  private final HeapOptions options;
  private final Workload workload;
  private final KeyedObjects objects;
  private double worstTotalPerLive;
  private double overwritten;
  private boolean ranFull;

  /** Opens and fills a heap, a quarter of which is local. */
  FootprintChurn(Workload workload) {
    this.workload = workload;
    this.options =
        FarHeaps.options(
                KeyedObjects.footprintBytes(workload), LOCAL_PERCENT, FAR_SHARE, FarHeaps.NEAR)
            .build();
    this.objects = new KeyedObjects(FarHeap.open(options), workload);
    boolean filled = false;
    try {
      objects.fill();
      filled = true;
    } finally {
      if (!filled) {
        objects.close();
      }
    }
  }

  HeapOptions options() {
    return options;
  }

  /** Overwrites so many times the live bytes, unless far memory is full before. */
  void overwrite(int times) {
    int[] operations = new int[workload.operationsInWindow()];
    long startBytes = objects.allocatedBytes();
    long targetBytes = times * objects.liveBytes();
    try {
      while (objects.allocatedBytes() - startBytes < targetBytes) {
        workload.next(operations);
        objects.play(operations);
        worstTotalPerLive = Math.max(worstTotalPerLive, objects.farTotalPerLive());
      }
    } catch (OutOfFarMemoryException e) {
      ranFull = true;
    }
    overwritten =
        (double) (objects.allocatedBytes() - startBytes) / Math.max(1, targetBytes) * times;
  }

  /**
   * Reads every object, except where far memory ran out: the object that was to be replaced is lost
   * then.
   *
   * @throws IllegalStateException if one held wrong bytes
   */
  void verify() {
    if (!ranFull) {
      objects.verify();
    }
  }

  /** Far space in use for one byte of live payload and headers. */
  double totalPerLive() {
    return objects.farTotalPerLive();
  }

  /** The most that it was while objects were overwritten. */
  double worstTotalPerLive() {
    return worstTotalPerLive;
  }

  /** How many times the live bytes were overwritten. */
  double overwritten() {
    return overwritten;
  }

  boolean ranFull() {
    return ranFull;
  }

  /** Tables, records and cards for one object. */
  double metadataPerObject() {
    HeapStats stats = objects.heap().stats();
    return (double) stats.level(Gauge.LOCAL_METADATA_BYTES) / stats.level(Gauge.RECORDS_LIVE);
  }

  HeapStats stats() {
    return objects.heap().stats();
  }

  @Override
  public void close() {
    objects.close();
  }
}
