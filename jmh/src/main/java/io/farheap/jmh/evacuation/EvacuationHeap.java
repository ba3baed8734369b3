package io.farheap.jmh.evacuation;

import io.farheap.FarHeap;
import io.farheap.jmh.work.EvacuationWork;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.jmh.work.Workload;
import io.farheap.options.HeapOptions;
import io.farheap.stats.HeapStats;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** A heap whose operations are timed one by one, and whose agents' CPU time is known. */
final class EvacuationHeap implements AutoCloseable {
  private static final String AGENTS = "farheap-agents";
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final KeyedObjects objects;
  private final long agentsThread;
  private final long[] nanos;
  private final long[] pooled;
  private int slices;
  private int busySlices;
  private EvacuationWork work = EvacuationWork.NONE;
  private long wallNanos;
  private long agentsCpuNanos;

  /**
   * Opens and fills a heap. No other may be opened at the same time.
   *
   * @param slices how many measured slices there will be
   */
  EvacuationHeap(HeapOptions options, Workload workload, int slices) {
    long[] others = agents();
    this.objects = new KeyedObjects(FarHeap.open(options), workload);
    this.agentsThread =
        Arrays.stream(agents())
            .filter(id -> Arrays.stream(others).noneMatch(other -> other == id))
            .findFirst()
            .orElse(-1);
    this.nanos = new long[workload.operationsInWindow()];
    this.pooled = new long[slices * nanos.length];
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

  private static long[] agents() {
    return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().equals(AGENTS))
        .mapToLong(info -> info.getThreadId())
        .toArray();
  }

  /** Does a slice that is not measured, but timed like the others so that it is compiled alike. */
  void warm(int[] operations) {
    objects.playTimed(operations, nanos);
  }

  /** Does a slice. Answers the time of each operation, in nanoseconds and in order of time. */
  long[] measure(int[] operations) {
    EvacuationWork earlier = EvacuationWork.of(objects.heap().stats());
    long startNanos = System.nanoTime();
    long startCpuNanos = agentsCpuNanos();
    objects.playTimed(operations, nanos);
    wallNanos += System.nanoTime() - startNanos;
    agentsCpuNanos += agentsCpuNanos() - startCpuNanos;
    EvacuationWork more = EvacuationWork.of(objects.heap().stats()).minus(earlier);
    work = work.plus(more);
    busySlices += more.bytes() > 0 ? 1 : 0;
    System.arraycopy(nanos, 0, pooled, slices * nanos.length, nanos.length);
    slices++;
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private long agentsCpuNanos() {
    return agentsThread < 0 ? 0 : Math.max(0, THREADS.getThreadCpuTime(agentsThread));
  }

  /** Times of the operations of all measured slices, in order of time. */
  long[] pooled() {
    Arrays.sort(pooled);
    return pooled;
  }

  /** What the evacuator did in measured slices. */
  EvacuationWork work() {
    return work;
  }

  HeapStats stats() {
    return objects.heap().stats();
  }

  /** The part of the measured slices' time for which the evacuator worked. */
  double evacuationShare() {
    return (double) work.nanos() / wallNanos;
  }

  /** CPU time of all agents in measured slices, as a share of one processor. */
  double agentsCpuShare() {
    return (double) agentsCpuNanos / wallNanos;
  }

  /** The share of the measured slices in which objects were moved. */
  double busyShare() {
    return (double) busySlices / slices;
  }

  double farTotalPerLive() {
    return objects.farTotalPerLive();
  }

  @Override
  public void close() {
    objects.close();
  }
}
