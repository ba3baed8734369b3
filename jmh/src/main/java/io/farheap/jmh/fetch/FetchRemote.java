package io.farheap.jmh.fetch;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.ProcessClock;
import io.farheap.jmh.measure.Samples;
import io.farheap.options.HeapOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a fetch costs from a memory server that runs already, by any transport. */
public final class FetchRemote implements Benchmark {
  private static final String OBJECT512 = "object512";
  private static final int OBJECT_BYTES = 512;
  private static final int PAGE_BYTES = 4096;
  private static final int DEPTH = 64;
  private static final long RANGE_BYTES = 1 << 20;

  private static final String READ = "read.";
  private static final String HEAP = "heap.";
  private static final String OVER = "heap.object512.over.read";
  private static final String PIPELINED = "read.pipelined";
  private static final String SCATTERED = "read.scattered";
  private static final String P50 = ".p50";
  private static final String P99 = ".p99";
  private static final String CPU = ".client.cpu";
  private static final String MICROS = "us";
  private static final double PERCENT = 100;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What is read, by its name in the figures. */
  private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

  static {
    SIZES.put("object64", 64);
    SIZES.put(OBJECT512, OBJECT_BYTES);
    SIZES.put("page", PAGE_BYTES);
  }

  /**
   * How long to run.
   *
   * @param rounds how often to measure each subject
   * @param trips round trips of one measurement
   * @param warmups round trips before the first round
   * @param objects objects of the heap
   */
  private record Plan(int rounds, int trips, int warmups, int objects) {}

  private final String locator;

  /**
   * Makes one.
   *
   * @param locator where the server is; its slabs are of the size that is configured for heaps
   */
  public FetchRemote(String locator) {
    this.locator = locator;
  }

  @Override
  public String name() {
    return "fetch";
  }

  @Override
  public String description() {
    return "reads from " + locator + ", and misses of a heap on it";
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Plan plan =
        context.choose(
            new Plan(11, 20_000, 60_000, 400_000),
            new Plan(5, 8_000, 30_000, 100_000),
            new Plan(3, 100, 100, 10_000));
    long slabBytes = HeapOptions.load().slabSizeBytes();
    context.note("locator", locator.replaceFirst("\\?.*", ""));
    context.note("rounds", plan.rounds);
    context.note("roundTripsPerMeasurement", plan.trips);
    Samples samples = new Samples(plan.rounds);
    context.progress("filling");
    try (FarReader near = new FarReader(locator, slabBytes, Math.min(RANGE_BYTES, slabBytes));
        FarReader scattered = new FarReader(locator, slabBytes, slabBytes);
        FetchObjects heap = new FetchObjects(locator, slabBytes, plan.objects, OBJECT_BYTES)) {
      context.progress("warming up");
      warmUp(plan, near, scattered, heap);
      long missesBefore = heap.misses();
      for (int round = 0; round < plan.rounds; round++) {
        context.progress("round " + (round + 1) + " of " + plan.rounds);
        for (Map.Entry<String, Integer> size : SIZES.entrySet()) {
          measure(plan, round, READ + size.getKey(), near, size.getValue(), samples);
        }
        double nanos = measure(plan, round, HEAP + OBJECT512, heap, OBJECT_BYTES, samples);
        samples.put(OVER, round, nanos - samples.at(READ + OBJECT512 + P50, round));
        pipelined(plan, round, PIPELINED, near, samples);
        pipelined(plan, round, SCATTERED, scattered, samples);
      }
      double share = (double) (heap.misses() - missesBefore) / plan.rounds / plan.trips;
      return figures(samples, share);
    }
  }

  private static void warmUp(Plan plan, FarReader near, FarReader scattered, FetchObjects heap) {
    // In turns, so that the JIT sees all sizes before it settles.
    int turns = 4;
    for (int turn = 0; turn < turns; turn++) {
      SIZES.values().forEach(bytes -> near.oneAtATime(bytes, new long[plan.warmups / turns]));
      heap.oneAtATime(OBJECT_BYTES, new long[plan.warmups / turns]);
      near.pipelined(PAGE_BYTES, plan.warmups, DEPTH);
      scattered.pipelined(PAGE_BYTES, plan.warmups, DEPTH);
    }
  }

  private static double measure(
      Plan plan, int round, String name, RoundTrips subject, int bytes, Samples samples) {
    long[] nanos = new long[plan.trips];
    long cpuNanos = ProcessClock.nanos();
    subject.oneAtATime(bytes, nanos);
    cpuNanos = ProcessClock.nanos() - cpuNanos;
    Arrays.sort(nanos);
    samples.put(name + P50, round, (double) nanos[plan.trips / 2]);
    samples.put(name + P99, round, (double) nanos[plan.trips - 1 - plan.trips / 100]);
    samples.put(name + CPU, round, (double) cpuNanos / plan.trips);
    return (double) nanos[plan.trips / 2];
  }

  private static void pipelined(
      Plan plan, int round, String name, FarReader reader, Samples samples) {
    int pages = 4 * plan.trips;
    long cpuNanos = ProcessClock.nanos();
    long startNanos = System.nanoTime();
    reader.pipelined(PAGE_BYTES, pages, DEPTH);
    long nanos = System.nanoTime() - startNanos;
    samples.put(name, round, pages * NANOS_PER_SECOND / nanos);
    samples.put(name + CPU, round, (double) (ProcessClock.nanos() - cpuNanos) / pages);
  }

  private static List<Metric> figures(Samples samples, double missShare) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(micros(OVER, samples));
    metrics.add(Metric.higher("heap.miss.percent", PERCENT * missShare, "%"));
    List<String> subjects = new ArrayList<>(SIZES.keySet().stream().map(READ::concat).toList());
    subjects.add(HEAP + OBJECT512);
    for (String subject : subjects) {
      metrics.add(micros(subject + P50, samples));
      metrics.add(micros(subject + P99, samples));
      metrics.add(micros(subject + CPU, samples));
    }
    for (String subject : List.of(PIPELINED, SCATTERED)) {
      metrics.add(Metric.higher(subject + ".pages.per.s", samples.median(subject), "op/s"));
      metrics.add(micros(subject + CPU, samples));
    }
    return metrics;
  }

  private static Metric micros(String subject, Samples samples) {
    return Metric.lower(subject + ".us", samples.median(subject) / NANOS_PER_MICRO, MICROS);
  }
}
