package io.farheap.jmh.paths;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.paths.PathsCell.Plan;
import io.farheap.jmh.work.FarHeaps;
import io.farheap.jmh.work.Phases;
import io.farheap.jmh.work.Scan;
import io.farheap.jmh.work.SkewedChurn;
import io.farheap.jmh.work.UniformReads;
import io.farheap.jmh.work.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether choosing a path for each page beats always taking the same one. */
public final class Paths implements Benchmark {
  private static final int JUDGED_PERCENT = 25;
  private static final List<Integer> ALL_SHARES = List.of(13, 25, 50, 75, 100);
  private static final int REPLACE_PERCENT = 5;
  private static final long SEED = 42;

  /** There are many heaps at a time, and only differences between them matter. */
  private static final int ABLATIONS_PART = 2;

  private static final String FAR_TOTAL = "far.total.vs.live";

  /** Makes a workload, from its beginning. */
  private enum Kind {
    SKEWED_CHURN {
      @Override
      Workload start(Size size) {
        return new SkewedChurn(size.keys, 2 * size.operationsInWindow, REPLACE_PERCENT, SEED);
      }
    },
    UNIFORM {
      @Override
      Workload start(Size size) {
        return new UniformReads(size.keys, size.operationsInWindow, SEED);
      }
    },
    SCAN {
      @Override
      Workload start(Size size) {
        return new Scan(size.keys, size.operationsInWindow);
      }
    },
    PHASES {
      @Override
      Workload start(Size size) {
        // Objects of twice the size; each phase has one window in every round.
        int keys = size.keys / 2 / PathsCell.ROUNDS * PathsCell.ROUNDS;
        return new Phases(keys, PathsCell.ROUNDS, SEED);
      }
    };

    abstract Workload start(Size size);
  }

  /**
   * How much of it.
   *
   * @param keys objects of 256 bytes in the mean, a power of two
   * @param operationsInWindow operations of a window, a power of two
   * @param windows measured windows
   * @param warmupWindows most windows before them, in whole periods and at least one
   * @param shares local shares in percent
   * @param ablations whether to take parts away from hybrid mode
   */
  private record Size(
      int keys,
      int operationsInWindow,
      int windows,
      int warmupWindows,
      List<Integer> shares,
      boolean ablations) {

    /** So much less data, cut into as many windows. */
    Size part(int divisor) {
      return new Size(
          keys / divisor, operationsInWindow / divisor, windows, warmupWindows, shares, false);
    }

    Plan plan(Workload workload) {
      int periods = Math.max(1, warmupWindows / workload.windowsInPeriod());
      return new Plan(windows, periods);
    }
  }

  @Override
  public String name() {
    return "paths";
  }

  @Override
  public String description() {
    return "pages, objects, or whichever suits the page, on four workloads";
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Size size =
        context.choose(
            new Size(1 << 20, 1 << 15, 20, 30, ALL_SHARES, true),
            new Size(1 << 20, 1 << 15, 20, 30, List.of(JUDGED_PERCENT), false),
            new Size(1 << 15, 1 << 10, 20, 10, List.of(JUDGED_PERCENT), true));
    context.note("objects", size.keys);
    context.note("operationsInWindow", size.operationsInWindow);
    context.note("measuredWindows", size.windows);
    context.note("farMemory", FarHeaps.DISTANT);
    Map<Kind, Map<Integer, PathsResult>> results = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      Map<Integer, PathsResult> ofKind = new LinkedHashMap<>();
      for (int share : size.shares) {
        ofKind.put(share, cell(kind, share, PathsSubject.MODES, size, context));
      }
      results.put(kind, ofKind);
    }
    List<Metric> metrics = judged(results);
    for (Map<Integer, PathsResult> ofKind : results.values()) {
      ofKind.values().forEach(result -> metrics.addAll(result.details()));
    }
    if (size.ablations) {
      for (Kind kind : Kind.values()) {
        metrics.addAll(ablations(kind, size.part(ABLATIONS_PART), context));
      }
    }
    return metrics;
  }

  private static PathsResult cell(
      Kind kind, int share, List<PathsSubject> subjects, Size size, BenchmarkContext context) {
    Workload workload = kind.start(size);
    return PathsCell.run(workload, share, subjects, size.plan(workload), context);
  }

  private static List<Metric> judged(Map<Kind, Map<Integer, PathsResult>> results) {
    List<Metric> metrics = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    double farTotal = 0;
    for (Kind kind : Kind.values()) {
      List<Double> ofKind = new ArrayList<>();
      for (PathsResult result : results.get(kind).values()) {
        ofKind.add(result.hybridPerBest());
        farTotal = Math.max(farTotal, result.farTotalPerLive(PathsSubject.HYBRID.name()));
      }
      metrics.add(higher(word(kind) + ".hybrid.vs.best", geometricMean(ofKind)));
      all.addAll(ofKind);
    }
    metrics.add(higher("hybrid.vs.best.geomean", geometricMean(all)));
    double least = all.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    metrics.add(higher("hybrid.vs.best.min", least));
    PathsResult skewed = results.get(Kind.SKEWED_CHURN).get(JUDGED_PERCENT);
    metrics.add(lower("skewed-churn.miss.ratio", skewed.missRatio()));
    metrics.add(lower("skewed-churn.bytes.vs.paging", skewed.movedPerPaging()));
    metrics.add(higher("skewed-churn.vs.paging", skewed.hybridPer(PathsSubject.PAGING)));
    for (Kind kind : List.of(Kind.SCAN, Kind.PHASES)) {
      PathsResult result = results.get(kind).get(JUDGED_PERCENT);
      metrics.add(higher(word(kind) + ".vs.object", result.hybridPer(PathsSubject.OBJECT)));
    }
    metrics.add(lower(FAR_TOTAL, farTotal));
    return metrics;
  }

  private static List<Metric> ablations(Kind kind, Size size, BenchmarkContext context) {
    List<PathsSubject> subjects = new ArrayList<>(List.of(PathsSubject.HYBRID));
    subjects.addAll(PathsSubject.ABLATIONS);
    PathsResult result = cell(kind, JUDGED_PERCENT, subjects, size, context);
    List<Metric> metrics = new ArrayList<>();
    for (PathsSubject subject : PathsSubject.ABLATIONS) {
      String name = word(kind) + "." + subject.name();
      double throughput = result.throughput(subject.name(), PathsSubject.HYBRID.name());
      metrics.add(higher(name + ".vs.hybrid", throughput));
      metrics.add(Metric.lower(name + ".miss.share", result.missShare(subject.name()), "share"));
      metrics.add(
          Metric.lower(name + "." + FAR_TOTAL, result.farTotalPerLive(subject.name()), "B/B"));
    }
    return metrics;
  }

  /** The workload's word in the names of figures. */
  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double geometricMean(List<Double> values) {
    double logs = values.stream().mapToDouble(Math::log).sum();
    return Math.exp(logs / values.size());
  }

  private static Metric lower(String name, double value) {
    return Metric.lower(name, value, Metric.RATIO);
  }

  private static Metric higher(String name, double value) {
    return Metric.higher(name, value, Metric.RATIO);
  }
}
