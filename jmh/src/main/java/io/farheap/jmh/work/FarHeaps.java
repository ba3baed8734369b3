package io.farheap.jmh.work;

import io.farheap.allocator.PageWord;
import io.farheap.options.HeapOptions;
import io.farheap.options.HeapOptionsBuilder;

/** Sizes of the heaps that benchmarks of workloads open. */
public final class FarHeaps {
  /** Far memory of another machine: 5 µs, and 1 ns for every 8 bytes. */
  public static final String DISTANT = "embedded:?latency=5us&nanosPerByte=0.125";

  /** Far memory at hand. */
  public static final String NEAR = "embedded:";

  private static final int ALL = 100;

  /** At 100 %: so much more than the footprint that the watermarks are never reached. */
  private static final double ALL_LOCAL = 1.25;

  /** Room for allocation buffers, however small the data. */
  private static final long ROOM = 16L << 20;

  private static final long MIN_LOCAL_BYTES = 2L << 20;

  private FarHeaps() {}

  /**
   * Options of a heap.
   *
   * @param footprintBytes what the objects take with their headers
   * @param localPercent how much of that is local; 100 for all and a quarter more
   * @param farShare capacity of far memory, in multiples of the footprint
   * @param locator where far memory is
   */
  public static HeapOptionsBuilder options(
      long footprintBytes, int localPercent, int farShare, String locator) {
    return HeapOptions.builder()
        .localMemoryBytes(localBytes(footprintBytes, localPercent))
        .farMemoryBytes(farShare * footprintBytes + ROOM)
        .farLocator(locator);
  }

  /** The local budget for a share of what objects take. */
  public static long localBytes(long footprintBytes, int localPercent) {
    long bytes =
        localPercent == ALL
            ? (long) (ALL_LOCAL * footprintBytes) + ROOM
            : footprintBytes * localPercent / ALL;
    return Math.max(MIN_LOCAL_BYTES, bytes) & -PageWord.PAGE_BYTES;
  }
}
