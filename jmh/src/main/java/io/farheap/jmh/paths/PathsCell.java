package io.farheap.jmh.paths;

import io.farheap.FarHeap;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Samples;
import io.farheap.jmh.work.FarHeaps;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.jmh.work.ObjectClockReplay;
import io.farheap.jmh.work.Workload;
import io.farheap.options.HeapOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One workload with one share of it local, in several heaps side by side: every window of the
 * workload goes to each heap in turn and to the simulated cache, so that all see the same
 * operations, and what the machine does to one heap it does to all.
 *
 * <p>A round is every fifth window. So rounds are alike also where the workload goes through
 * phases.
 */
final class PathsCell {
  /** Rounds of a measurement. */
  static final int ROUNDS = 5;

  /** Steady: from one period to the next, misses changed by less than this. */
  private static final double STEADY = 0.05;

  /** Capacity of far memory in multiples of the data, so that garbage never fills it. */
  private static final int FAR_SHARE = 4;

  /**
   * How long to run.
   *
   * @param measuredWindows windows that are measured, a multiple of {@link #ROUNDS}
   * @param warmupPeriods most periods of the workload before that
   */
  record Plan(int measuredWindows, int warmupPeriods) {
    Plan {
      if (measuredWindows % ROUNDS != 0 || measuredWindows == 0) {
        throw new IllegalArgumentException(
            measuredWindows + " windows are not " + ROUNDS + " equal rounds");
      }
    }
  }

  private final String label;
  private final Workload workload;
  private final int localPercent;
  private final BenchmarkContext context;
  private final int[] operations;
  private final List<PathsHeap> heaps = new ArrayList<>();
  private ObjectClockReplay simulation;

  private PathsCell(Workload workload, int localPercent, BenchmarkContext context) {
    this.label = workload.name() + "." + localPercent;
    this.workload = workload;
    this.localPercent = localPercent;
    this.context = context;
    this.operations = new int[workload.operationsInWindow()];
  }

  /**
   * Measures.
   *
   * @param workload the operations, from their beginning
   * @param localPercent the local share
   * @param subjects settings of the heaps
   * @param plan how long
   * @param context where progress goes
   * @throws IllegalStateException if an object held wrong bytes
   */
  static PathsResult run(
      Workload workload,
      int localPercent,
      List<PathsSubject> subjects,
      Plan plan,
      BenchmarkContext context) {
    PathsCell cell = new PathsCell(workload, localPercent, context);
    try {
      cell.open(subjects);
      cell.warm(plan.warmupPeriods);
      return cell.measure(plan.measuredWindows);
    } finally {
      cell.heaps.forEach(PathsHeap::close);
    }
  }

  private void open(List<PathsSubject> subjects) {
    long footprintBytes = KeyedObjects.footprintBytes(workload);
    context.progress(label + ": filling " + (footprintBytes >> 20) + " MiB in each heap");
    for (PathsSubject subject : subjects) {
      HeapOptions options =
          subject
              .settings()
              .apply(FarHeaps.options(footprintBytes, localPercent, FAR_SHARE, FarHeaps.DISTANT))
              .build();
      context.noteHeap(label + "." + subject.name(), options);
      KeyedObjects objects = new KeyedObjects(FarHeap.open(options), workload);
      heaps.add(new PathsHeap(subject.name(), objects, ROUNDS));
      objects.fill();
    }
    simulation = new ObjectClockReplay(workload, FarHeaps.localBytes(footprintBytes, localPercent));
  }

  /** Goes on until every heap misses as much as in the period before. */
  private void warm(int mostPeriods) {
    long[] last = new long[heaps.size()];
    boolean steady = false;
    int period = 0;
    for (; period < mostPeriods && !steady; period++) {
      long[] misses = heaps.stream().mapToLong(heap -> -heap.misses()).toArray();
      for (int window = 0; window < workload.windowsInPeriod(); window++) {
        workload.next(operations);
        Samples.order(heaps, window).forEach(heap -> heap.play(operations));
        simulation.play(operations);
      }
      steady = period > 0;
      for (int i = 0; i < misses.length; i++) {
        misses[i] += heaps.get(i).misses();
        steady &= Math.abs(misses[i] - last[i]) <= STEADY * Math.max(misses[i], last[i]);
      }
      last = misses;
    }
    context.note(label + ".warmupPeriods", period);
    context.note(label + ".steady", steady);
  }

  private PathsResult measure(int windows) {
    long simulatedMisses = -simulation.misses();
    heaps.forEach(PathsHeap::begin);
    for (int window = 0; window < windows; window++) {
      int round = window % ROUNDS;
      workload.next(operations);
      Samples.order(heaps, window).forEach(heap -> heap.play(operations, round));
      simulation.play(operations);
    }
    heaps.forEach(PathsHeap::end);
    simulatedMisses += simulation.misses();
    PathsResult result =
        new PathsResult(label, heaps, (long) windows * operations.length, simulatedMisses);
    heaps.forEach(heap -> context.progress(line(heap, result)));
    return result;
  }

  private String line(PathsHeap heap, PathsResult result) {
    return String.format(
        Locale.ROOT,
        "%s %-14s %7.0f ns/op, %6.2f %% miss, %7.1f bytes moved/op, far total/live %.2f",
        label,
        heap.name(),
        result.nanos(heap.name()),
        100 * result.missShare(heap.name()),
        result.movedBytes(heap.name()),
        heap.farTotalPerLive());
  }
}
