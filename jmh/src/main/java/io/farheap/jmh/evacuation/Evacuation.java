package io.farheap.jmh.evacuation;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.jmh.work.EvacuationWork;
import io.farheap.jmh.work.FarHeaps;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.jmh.work.SkewedChurn;
import io.farheap.jmh.work.Workload;
import io.farheap.options.HeapOptions;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What operations feel of an evacuator at work, and what it gets done for its CPU time. */
public final class Evacuation implements Benchmark {
  private static final int LOCAL_PERCENT = 25;
  private static final int REPLACE_PERCENT = 30;
  private static final long SEED = 42;
  private static final String ON = "on";
  private static final String OFF = "off";

  /** Room for all the garbage that the heap without an evacuator keeps. */
  private static final int FAR_SHARE = 16;

  /** So long the evacuator may finish what a slice left behind. */
  private static final long MOST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** One that moved nothing for so long has finished. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /** The percentiles of a slice's operations that are compared. */
  private enum Percentile {
    P50(0.5),
    P99(0.99),
    P999(0.999);

    private final double share;

    Percentile(double share) {
      this.share = share;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A subject's name for {@link Samples}. */
    String of(String subject) {
      return subject + "." + word();
    }
  }

  /**
   * How much of it.
   *
   * @param keys objects of 256 bytes in the mean, a power of two
   * @param operations of a slice
   * @param slices measured slices of each heap
   * @param warmupSlices slices before them
   */
  private record Size(int keys, int operations, int slices, int warmupSlices) {}

  @Override
  public String name() {
    return "evacuation";
  }

  @Override
  public String description() {
    return "operations that leave much garbage, with the evacuator at work and without";
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Size size =
        context.choose(
            new Size(1 << 20, 1 << 19, 30, 8),
            new Size(1 << 20, 1 << 18, 24, 6),
            new Size(1 << 15, 1 << 13, 20, 4));
    context.note("objects", size.keys);
    context.note("slices", size.slices);
    context.note("operationsInSlice", size.operations);
    Workload workload = new SkewedChurn(size.keys, size.operations, REPLACE_PERCENT, SEED);
    HeapOptions on = options(workload, true);
    HeapOptions off = options(workload, false);
    context.note("evacuationCpuBudget", on.evacuationCpu());
    context.noteHeap(ON, on);
    context.noteHeap(OFF, off);
    context.progress("filling two heaps");
    try (EvacuationHeap with = new EvacuationHeap(on, workload, size.slices);
        EvacuationHeap without = new EvacuationHeap(off, workload, size.slices)) {
      return measure(with, without, workload, size, context);
    }
  }

  private static HeapOptions options(Workload workload, boolean evacuation) {
    long footprintBytes = KeyedObjects.footprintBytes(workload);
    return FarHeaps.options(footprintBytes, LOCAL_PERCENT, FAR_SHARE, FarHeaps.DISTANT)
        .evacuation(evacuation)
        .build();
  }

  private static List<Metric> measure(
      EvacuationHeap with,
      EvacuationHeap without,
      Workload workload,
      Size size,
      BenchmarkContext context) {
    int[] operations = new int[size.operations];
    context.progress("warming in " + size.warmupSlices + " slices");
    for (int slice = 0; slice < size.warmupSlices; slice++) {
      workload.next(operations);
      with.warm(operations);
      without.warm(operations);
    }
    context.progress("measuring in " + size.slices + " slices");
    Samples samples = new Samples(size.slices);
    HeapStats before = with.stats();
    HeapStats beforeWithout = without.stats();
    for (int slice = 0; slice < size.slices; slice++) {
      workload.next(operations);
      for (String subject : Samples.order(List.of(ON, OFF), slice)) {
        if (subject.equals(OFF)) {
          rest(with);
        }
        put(samples, subject, slice, (subject.equals(ON) ? with : without).measure(operations));
      }
    }
    HeapStats during = with.stats().minus(before);
    EvacuationWork all = EvacuationWork.of(during);
    if (all.bytes() == 0) {
      throw new IllegalStateException("the evacuator moved nothing:\n" + with.stats());
    }
    List<Metric> metrics = metrics(samples, with, without);
    metrics.add(
        Metric.higher(
            "evacuation.in.turn.share", (double) with.work().bytes() / all.bytes(), "share"));
    metrics.add(
        Metric.lower(
            "evacuation.overall.cpu.share",
            (double) EvacuationWork.of(during).nanos() / during.ageNanos(),
            "share"));
    double measured = (double) size.slices * size.operations;
    metrics.add(Metric.lower("on.miss.share", during.misses() / measured, "share"));
    metrics.add(
        Metric.lower(
            "off.miss.share", without.stats().minus(beforeWithout).misses() / measured, "share"));
    return metrics;
  }

  private static void put(Samples samples, String subject, int slice, long[] sorted) {
    for (Percentile percentile : Percentile.values()) {
      samples.put(percentile.of(subject), slice, quantile(sorted, percentile.share));
    }
    double sum = 0;
    for (long nanos : sorted) {
      sum += nanos;
    }
    samples.put(subject, slice, sum / sorted.length);
  }

  /** The value that a share of all values does not exceed. */
  static double quantile(long[] sorted, double share) {
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return (double) sorted[Math.max(0, index)];
  }

  /** Waits until the evacuator has finished, so that it does not disturb the other heap's turn. */
  private static void rest(EvacuationHeap heap) {
    long start = System.nanoTime();
    long last = EvacuationWork.of(heap.stats()).bytes();
    long lastMove = start;
    long now = start;
    while (now - start < MOST_REST_NANOS && now - lastMove < STILL_NANOS) {
      LockSupport.parkNanos(STILL_NANOS / 8);
      long bytes = EvacuationWork.of(heap.stats()).bytes();
      now = System.nanoTime();
      lastMove = bytes == last ? lastMove : now;
      last = bytes;
    }
  }

  private static List<Metric> metrics(
      Samples samples, EvacuationHeap with, EvacuationHeap without) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(ratio(samples, Percentile.P999));
    double perSecond = 1e9 * with.work().bytes() / Math.max(1, with.work().nanos());
    metrics.add(Metric.higher("evacuation.bytes.per.cpu.second", perSecond, "B/s"));
    metrics.add(Metric.lower("evacuation.cpu.share", with.evacuationShare(), "share"));
    metrics.add(ratio(samples, Percentile.P99));
    metrics.add(ratio(samples, Percentile.P50));
    metrics.add(Metric.lower("evacuation.mean.ratio", samples.medianRatio(ON, OFF), Metric.RATIO));
    metrics.add(
        Metric.lower(
            "evacuation.pooled.p999.ratio",
            quantile(with.pooled(), Percentile.P999.share)
                / quantile(without.pooled(), Percentile.P999.share),
            Metric.RATIO));
    metrics.add(Metric.higher("evacuation.busy.share", with.busyShare(), "share"));
    for (String subject : List.of(ON, OFF)) {
      EvacuationHeap heap = subject.equals(ON) ? with : without;
      for (Percentile percentile : Percentile.values()) {
        String name = percentile.of(subject);
        metrics.add(Metric.lower(name + ".ns", samples.median(name), "ns/op"));
      }
      metrics.add(Metric.lower(subject + ".agents.cpu.share", heap.agentsCpuShare(), "share"));
      metrics.add(Metric.lower(subject + ".far.total.vs.live", heap.farTotalPerLive(), "B/B"));
    }
    return metrics;
  }

  private static Metric ratio(Samples samples, Percentile percentile) {
    return Metric.lower(
        "evacuation." + percentile.word() + ".ratio",
        samples.medianRatio(percentile.of(ON), percentile.of(OFF)),
        Metric.RATIO);
  }
}
