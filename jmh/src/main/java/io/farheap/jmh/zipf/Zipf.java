package io.farheap.jmh.zipf;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.CpuProfiler;
import io.farheap.jmh.measure.JmhRun;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What far memory costs when a share of the data is local and popularity is skewed. */
public final class Zipf implements Benchmark {
  private static final List<Integer> SHARES = List.of(25, 50, 75);
  private static final int ALL = 100;
  private static final String RAW = "raw";
  private static final String FAR = "far";
  private static final String PREFIX = "zipf";
  private static final String CPU = ".cpu";

  /** Steady: from one window to the next the share of misses changed by less than this. */
  private static final double STEADY = 0.05;

  private static final int STEADY_WINDOWS = 2;

  @Override
  public String name() {
    return "zipf";
  }

  @Override
  public String description() {
    return "skewed reads of whole 256-byte objects with a share of them local,"
        + " against raw addresses and against all local";
  }

  /**
   * How long to run.
   *
   * @param objects how many, a power of two
   * @param operations reads in one measurement
   * @param rounds how often to measure each subject
   * @param windows most windows of as many reads before the first round
   */
  private record Plan(int objects, int operations, int rounds, int windows) {}

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Plan plan =
        context.choose(
            new Plan(ZipfData.FULL_OBJECTS, 1 << 22, 7, 16),
            new Plan(1 << 21, 1 << 20, 5, 8),
            new Plan(1 << 16, 1 << 13, 5, 2));
    context.note("rounds", plan.rounds);
    context.note("objects", plan.objects);
    context.note("readsPerMeasurement", plan.operations);
    context.note("theta", ZipfData.THETA);
    context.progress("filling " + plan.objects + " objects of " + ZipfItem.BYTES + " bytes");
    try (ZipfData data = new ZipfData(plan.objects, plan.operations)) {
      ZipfData.share(data);
      return measure(data, plan, context);
    }
  }

  private static List<Metric> measure(ZipfData data, Plan plan, BenchmarkContext context) {
    List<Metric> ratios = new ArrayList<>();
    List<Metric> details = new ArrayList<>();
    // All local against raw is measured in the rounds of every share.
    Samples whole = new Samples(plan.rounds * SHARES.size());
    ZipfJmh.readAll(data.raw(), data.picks());
    // Nothing leaves this heap, so that in the long run every object has been touched.
    data.readEach(ALL);
    warm(data, ALL, plan, context);
    for (int i = 0; i < SHARES.size(); i++) {
      int share = SHARES.get(i);
      warm(data, share, plan, context);
      HeapStats before = data.far(share).heap().stats();
      Samples samples = rounds(data, share, plan, context);
      HeapStats during = data.far(share).heap().stats().minus(before);
      whole.putAll(RAW, i * plan.rounds, samples);
      whole.putAll(subject(ALL), i * plan.rounds, samples);
      double reads = (double) plan.rounds * plan.operations;
      details.add(Metric.lower(subject(share) + ".miss.share", during.misses() / reads, "share"));
      add(share, samples, during, ratios, details);
      data.closeFar(share);
    }
    requireAllLocal(data);
    ratios.addFirst(ratio(subject(ALL), whole, subject(ALL), RAW));
    ratios.addAll(details);
    return ratios;
  }

  private static void add(
      int share, Samples samples, HeapStats during, List<Metric> ratios, List<Metric> details) {
    String ours = subject(share);
    String all = subject(ALL);
    ratios.add(ratio(ours, samples, ours, all));
    Metric cpu = ratio(ours + CPU, samples, ours + CPU, all + CPU);
    (share == SHARES.getFirst() ? ratios : details).add(cpu);
    for (String subject : List.of(RAW, all, ours)) {
      String name = subject.equals(ours) ? ours + ".ns" : ours + ".beside." + subject + ".ns";
      details.add(Metric.lower(name, samples.median(subject), "ns/op"));
    }
    details.add(
        Metric.lower(
            ours + ".object.fetch.share",
            (double) during.count(Counter.OBJECT_FETCHES) / Math.max(1, during.misses()),
            "share"));
    details.add(Metric.lower(ours + ".moved.per.useful.byte", moved(during), "B/B"));
    details.add(
        Metric.lower(
            ours + ".far.total.per.live.byte",
            (double) during.level(Gauge.FAR_BYTES_TOTAL) / during.level(Gauge.FAR_BYTES_LIVE),
            "B/B"));
  }

  private static Metric ratio(String name, Samples samples, String subject, String baseline) {
    return Metric.lower(name + ".ratio", samples.medianRatio(subject, baseline), Metric.RATIO);
  }

  /** Reads until the share of misses stays as it is, since a new heap knows no hot objects. */
  private static void warm(ZipfData data, int share, Plan plan, BenchmarkContext context) {
    context.progress(share + " % local: filling and warming");
    ZipfTable.Far table = data.far(share);
    context.noteHeap(subject(share), table.heap().options());
    double last = 0;
    int steady = 0;
    int window = 0;
    while (steady < STEADY_WINDOWS && window < plan.windows) {
      data.draw(seed(share, -1 - window));
      HeapStats before = table.heap().stats();
      ZipfJmh.readAll(table, data.picks());
      double misses = (double) table.heap().stats().minus(before).misses() / plan.operations;
      steady = Math.abs(misses - last) <= STEADY * Math.max(misses, last) ? steady + 1 : 0;
      last = misses;
      window++;
    }
    context.note(subject(share) + "WarmupWindows", window);
    context.note(subject(share) + "Steady", steady >= STEADY_WINDOWS);
    context.progress(
        String.format(
            Locale.ROOT,
            "%d %% local: %s after %d windows, %.2f %% of reads miss",
            share,
            steady < STEADY_WINDOWS ? "not steady" : "steady",
            window,
            100 * last));
  }

  private static Samples rounds(ZipfData data, int share, Plan plan, BenchmarkContext context) {
    Samples samples = new Samples(plan.rounds);
    List<String> subjects = List.of(RAW, subject(ALL), subject(share));
    context.progress(share + " % local: measuring in " + plan.rounds + " rounds");
    for (int round = 0; round < plan.rounds; round++) {
      data.draw(seed(share, round));
      for (String subject : Samples.order(subjects, round)) {
        JmhRun run = jmh(subject);
        samples.put(subject, round, run.score() / plan.operations);
        samples.put(subject + CPU, round, run.secondary(CpuProfiler.LABEL) / plan.operations);
      }
    }
    return samples;
  }

  private static JmhRun jmh(String subject) {
    return subject.equals(RAW)
        ? JmhRun.of(ZipfJmh.class, RAW, Map.of(), 1, 0, CpuProfiler.class)
        : JmhRun.of(
            ZipfJmh.class,
            FAR,
            Map.of("localPercent", subject.substring(PREFIX.length())),
            1,
            0,
            CpuProfiler.class);
  }

  private static void requireAllLocal(ZipfData data) {
    HeapStats stats = data.far(ALL).heap().stats();
    if (stats.misses() + stats.count(Counter.PAGES_OUT) > 0) {
      throw new IllegalStateException("at 100 % something left local memory:\n" + stats);
    }
  }

  /** Bytes moved in and out for one that a miss asked for; nothing if nothing moved. */
  private static double moved(HeapStats stats) {
    return stats.count(Counter.BYTES_USEFUL) == 0 ? 0 : stats.bytesMovedPerUsefulByte();
  }

  private static String subject(int share) {
    return PREFIX + share;
  }

  private static long seed(int share, int round) {
    return share * 1_000_003L + round;
  }
}
