package io.farheap.jmh.hit;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.JmhRun;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;

/** What a hit costs beside a raw address, from a cache and from memory. */
public final class HotDeref implements Benchmark {
  private static final String RAW = "raw";
  private static final String SCOPED = "scoped";
  private static final String OPTIMISTIC = "optimistic";
  private static final String HOLDER = "holder";
  private static final String TYPED = "typed";
  private static final List<String> METHODS = List.of(RAW, SCOPED, OPTIMISTIC, HOLDER, TYPED);
  private static final List<String> HITS = List.of(SCOPED, OPTIMISTIC, TYPED);

  /** As JMH's profiler calls bytes allocated by one operation. */
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private static final String NANOS = "ns/op";

  /** Marks figures of the walk whose steps do not depend on what was read. */
  private static final String INDEPENDENT = ".independent";

  @Override
  public String name() {
    return "hot-deref";
  }

  @Override
  public String description() {
    return "random reads of local 256-byte objects, against raw addresses of the same objects";
  }

  /**
   * How long to run.
   *
   * @param dramCells objects of the larger working set
   * @param rounds how often to measure each method
   * @param millis duration of one measurement
   * @param warmups iterations of that duration before the first round
   */
  private record Plan(int dramCells, int rounds, int millis, int warmups) {}

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Plan plan =
        context.choose(
            new Plan(HotCells.DRAM_CELLS, 11, 500, 4),
            new Plan(HotCells.DRAM_CELLS, 5, 150, 3),
            new Plan(HotCells.L2_CELLS << 2, 5, 5, 1));
    context.note("rounds", plan.rounds);
    context.note("millisPerMeasurement", plan.millis);
    List<Metric> ratios = new ArrayList<>();
    List<Metric> details = new ArrayList<>();
    double allocated =
        Math.max(
            measure(HotCells.L2, HotCells.L2_CELLS, plan, context, ratios, details),
            measure(HotCells.DRAM, plan.dramCells, plan, context, ratios, details));
    ratios.add(Metric.lower("hit.alloc.bytes", Math.rint(allocated), "B/op"));
    ratios.addAll(details);
    return ratios;
  }

  /** Measures one working set; answers the bytes that a hit allocates. */
  private static double measure(
      String workingSet,
      int count,
      Plan plan,
      BenchmarkContext context,
      List<Metric> ratios,
      List<Metric> details) {
    context.progress(workingSet + ": making " + count + " objects");
    try (HotCells cells = HotCells.named(workingSet, count)) {
      context.noteHeap(workingSet, cells.heap.options());
      rounds(HotDerefJmh.class, workingSet, workingSet, plan, context, ratios, details);
      rounds(
          HotDerefIndependentJmh.class,
          workingSet,
          workingSet + INDEPENDENT,
          plan,
          context,
          details,
          details);
      double allocated = allocated(workingSet, plan);
      cells.check();
      return allocated;
    }
  }

  /** Measures one kind of walk over a working set, every method in every round. */
  private static void rounds(
      Class<?> walk,
      String workingSet,
      String label,
      Plan plan,
      BenchmarkContext context,
      List<Metric> ratios,
      List<Metric> details) {
    for (String method : METHODS) {
      jmh(walk, method, workingSet, plan.warmups, plan.millis);
    }
    Samples samples = new Samples(plan.rounds);
    context.progress(label + ": measuring in " + plan.rounds + " rounds");
    for (int round = 0; round < plan.rounds; round++) {
      for (String method : Samples.order(METHODS, round)) {
        samples.put(method, round, jmh(walk, method, workingSet, 1, plan.millis));
      }
    }
    ratios.add(ratio(samples, SCOPED, RAW, label));
    ratios.add(ratio(samples, OPTIMISTIC, RAW, label));
    ratios.add(ratio(samples, TYPED, HOLDER, label));
    for (String method : METHODS) {
      details.add(Metric.lower(method + "." + label + ".ns", samples.median(method), NANOS));
    }
  }

  private static Metric ratio(Samples samples, String subject, String baseline, String workingSet) {
    return Metric.lower(
        subject + "." + workingSet + ".ratio",
        samples.medianRatio(subject, baseline),
        Metric.RATIO);
  }

  private static double jmh(
      Class<?> walk, String method, String workingSet, int iterations, int millis) {
    Map<String, String> params = Map.of("workingSet", workingSet);
    return JmhRun.of(walk, method, params, iterations, millis, null).score();
  }

  /** The most bytes that any kind of hit allocates; what JMH itself does is a fraction of one. */
  private static double allocated(String workingSet, Plan plan) {
    double most = 0;
    for (String method : HITS) {
      JmhRun run =
          JmhRun.of(
              HotDerefJmh.class,
              method,
              Map.of("workingSet", workingSet),
              1,
              plan.millis,
              GCProfiler.class);
      most = Math.max(most, run.secondary(ALLOCATED));
    }
    return most;
  }
}
