package io.farheap.jmh.evacuation;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.work.EvacuationWork;
import io.farheap.jmh.work.Overwrites;
import io.farheap.jmh.work.Workload;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much memory live objects take while they are overwritten, far, local and on the Java heap.
 */
public final class Footprint implements Benchmark {
  private static final int MIN_BYTES = 64;
  private static final int MAX_BYTES = 4096;
  private static final double THETA = 0.99;

  /** Nearly even, as far as the sampler goes: within one size no key is special. */
  private static final double EVEN = 0.01;

  private static final long SEED = 7;
  private static final int TIMES = 20;
  private static final int OPERATIONS_IN_WINDOW = 1 << 10;

  /** Powers of two, and sizes just above and below what a page holds a whole number of. */
  private static final List<Integer> SIZE_CLASSES =
      List.of(64, 128, 256, 512, 808, 1024, 1352, 1368, 2032, 2048, 2728, 3072, 4080, 4088, 4096);

  /**
   * How much of it.
   *
   * @param keys objects, a power of two
   * @param classBytes bytes of each size class
   * @param classTimes how often those are overwritten
   * @param javaObjects objects whose cost on the Java heap is measured
   */
  private record Size(int keys, long classBytes, int classTimes, int javaObjects) {}

  @Override
  public String name() {
    return "footprint";
  }

  @Override
  public String description() {
    return "memory that live objects of mixed sizes take while they are overwritten 20 times";
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Size size =
        context.choose(
            new Size(1 << 18, 64L << 20, 10, 1 << 20),
            new Size(1 << 16, 16L << 20, 5, 1 << 20),
            new Size(1 << 13, 2L << 20, 2, 1 << 13));
    context.note("objects", size.keys);
    context.note("overwrittenTimes", TIMES);
    List<Metric> metrics = new ArrayList<>();
    List<Metric> details = new ArrayList<>();
    churn(size, context, metrics, details);
    double onHandles = JavaHeapCost.ofHandles(size.javaObjects);
    metrics.add(Metric.lower("java.heap.bytes.per.object", onHandles, "B"));
    double onPointers = JavaHeapCost.ofPointers(size.javaObjects);
    details.add(Metric.lower("java.heap.bytes.per.pointer", onPointers, "B"));
    classes(size, context, details);
    metrics.addAll(details);
    return metrics;
  }

  private static void churn(
      Size size, BenchmarkContext context, List<Metric> metrics, List<Metric> details) {
    Workload workload =
        new Overwrites(size.keys, OPERATIONS_IN_WINDOW, MIN_BYTES, MAX_BYTES, THETA, SEED);
    try (FootprintChurn churn = new FootprintChurn(workload)) {
      context.noteHeap("footprint", churn.options());
      details.add(Metric.lower("filled.far.total.vs.live", churn.totalPerLive(), "B/B"));
      HeapStats before = churn.stats();
      churn.overwrite(TIMES);
      HeapStats during = churn.stats().minus(before);
      metrics.add(Metric.lower("far.total.vs.live", churn.totalPerLive(), Metric.RATIO));
      metrics.add(Metric.lower("local.native.bytes.per.object", churn.metadataPerObject(), "B"));
      context.note("overwritten", churn.overwritten());
      context.note("ranFull", churn.ranFull());
      context.progress(
          String.format(
              Locale.ROOT,
              "overwritten %.1f times%s in %.1f s: far total/live %.2f, at worst %.2f",
              churn.overwritten(),
              churn.ranFull() ? " (then far memory was full)" : "",
              during.ageNanos() / 1e9,
              churn.totalPerLive(),
              churn.worstTotalPerLive()));
      details.add(Metric.higher("overwritten.times", churn.overwritten(), "times"));
      details.add(Metric.lower("worst.far.total.vs.live", churn.worstTotalPerLive(), "B/B"));
      long overwrites = Math.max(1, during.count(Counter.ALLOCATIONS));
      details.add(Metric.lower("overwrite.ns", (double) during.ageNanos() / overwrites, "ns/op"));
      details.add(
          Metric.lower(
              "overwrite.moved.bytes",
              (double) (during.count(Counter.BYTES_IN) + during.count(Counter.BYTES_OUT))
                  / overwrites,
              "B/op"));
      details.add(
          Metric.lower(
              "evacuation.cpu.share",
              (double) EvacuationWork.of(during).nanos() / during.ageNanos(),
              "share"));
      churn.verify();
    }
  }

  /** One size at a time: what is lost where pages and objects don't fit each other. */
  private static void classes(Size size, BenchmarkContext context, List<Metric> details) {
    int worstBytes = 0;
    double worst = 0;
    for (int bytes : SIZE_CLASSES) {
      int keys = Integer.highestOneBit((int) (size.classBytes / bytes));
      Workload workload = new Overwrites(keys, OPERATIONS_IN_WINDOW, bytes, bytes, EVEN, SEED);
      try (FootprintChurn churn = new FootprintChurn(workload)) {
        double filled = churn.totalPerLive();
        churn.overwrite(size.classTimes);
        String name = "size." + bytes;
        details.add(Metric.lower(name + ".filled.far.total.vs.live", filled, "B/B"));
        details.add(Metric.lower(name + ".far.total.vs.live", churn.totalPerLive(), "B/B"));
        context.progress(
            String.format(
                Locale.ROOT,
                "only %d bytes: far total/live %.2f when filled, %.2f after %.1f times%s",
                bytes,
                filled,
                churn.totalPerLive(),
                churn.overwritten(),
                churn.ranFull() ? " (then far memory was full)" : ""));
        if (churn.totalPerLive() > worst) {
          worst = churn.totalPerLive();
          worstBytes = bytes;
        }
        churn.verify();
      }
    }
    details.add(Metric.lower("worst.size.class.bytes", worstBytes, "B"));
    details.add(Metric.lower("worst.size.class.far.total.vs.live", worst, "B/B"));
  }
}
