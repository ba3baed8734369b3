package io.farheap.jmh.paths;

import io.farheap.jmh.work.EvacuationWork;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** One of the heaps that are measured side by side, and what was seen of it. */
final class PathsHeap implements AutoCloseable {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final KeyedObjects objects;
  private final double[] roundNanos;
  private final double[] roundCpuNanos;
  private HeapStats before;
  private HeapStats during;
  private EvacuationWork inTurn = EvacuationWork.NONE;
  private double farTotalPerLive;

  /**
   * Takes over a heap that is filled.
   *
   * @param name the word in the names of figures
   * @param objects the heap's objects
   * @param rounds how many rounds there will be
   */
  PathsHeap(String name, KeyedObjects objects, int rounds) {
    this.name = name;
    this.objects = objects;
    this.roundNanos = new double[rounds];
    this.roundCpuNanos = new double[rounds];
    begin();
  }

  String name() {
    return name;
  }

  /** Misses from the opening of the heap. */
  long misses() {
    return objects.heap().stats().misses();
  }

  /** Starts the stretch that {@link #during} will tell of. */
  void begin() {
    before = objects.heap().stats();
  }

  /** Does a window's operations, unmeasured. */
  void play(int[] operations) {
    objects.play(operations);
  }

  /** Does a window's operations as a part of a round. */
  void play(int[] operations, int round) {
    EvacuationWork earlier = EvacuationWork.of(objects.heap().stats());
    long cpuNanos = THREADS.getCurrentThreadCpuTime();
    long nanos = System.nanoTime();
    objects.play(operations);
    roundNanos[round] += System.nanoTime() - nanos;
    roundCpuNanos[round] += THREADS.getCurrentThreadCpuTime() - cpuNanos;
    inTurn = inTurn.plus(EvacuationWork.of(objects.heap().stats()).minus(earlier));
  }

  /** Ends the stretch. */
  void end() {
    during = objects.heap().stats().minus(before);
    farTotalPerLive = objects.farTotalPerLive();
  }

  /** Time of each round's windows, in nanoseconds. */
  double[] roundNanos() {
    return roundNanos;
  }

  /** CPU time of the thread that did the operations: other processes on the machine don't count. */
  double[] roundCpuNanos() {
    return roundCpuNanos;
  }

  /** What the heap did in the stretch, also while other heaps had their turns. */
  HeapStats during() {
    return during;
  }

  /** Bytes moved in and out in the stretch. */
  long movedBytes() {
    return during.count(Counter.BYTES_IN) + during.count(Counter.BYTES_OUT);
  }

  /** Far space in use for one live byte when the stretch ended. */
  double farTotalPerLive() {
    return farTotalPerLive;
  }

  /**
   * The share of what was evacuated in the stretch that fell into the heap's own turns. The rest
   * was done while the application was still, which flatters the heap.
   */
  double evacuatedInTurnShare() {
    return (double) inTurn.bytes() / Math.max(1, EvacuationWork.of(during).bytes());
  }

  @Override
  public void close() {
    objects.close();
  }
}
