package io.farheap.jmh.memcached;

import io.farheap.apps.load.Shape;
import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.testing.process.RealMemcached;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Our memcached beside the real one, with all memory local and with little of it. */
public final class Memcached implements Benchmark {
  /** Reads only, skewed, with the sizes of {@code mcd-cl}. */
  private static final String SIZES = "mcd-cl";

  /** Skewed and churning; uniform. */
  private static final List<String> BOTH = List.of(SIZES, "mcd-u");

  private static final double SKEW = 0.99;

  @Override
  public String name() {
    return "memcached";
  }

  @Override
  public String description() {
    return "our memcached against the real one, with and without extstore, and mode against mode";
  }

  /**
   * How large to run.
   *
   * @param rounds how often each subject is measured
   * @param slice how long, each time
   * @param warmUp how long before
   * @param items in the comparison with the real memcached
   * @param largeItems in the comparison with extstore
   * @param modeItems in the comparison of modes
   * @param modeRounds as {@code rounds}, for modes
   * @param shapes that modes are compared with
   * @param shares of the items that are local in the comparison of modes, percent
   */
  record Plan(
      int rounds,
      Duration slice,
      Duration warmUp,
      int items,
      int largeItems,
      int modeItems,
      int modeRounds,
      List<String> shapes,
      List<Integer> shares) {

    /** Half of the processors serve, the others load. */
    int threads() {
      return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Plan plan =
        context.choose(
            new Plan(
                9,
                Duration.ofMillis(1000),
                Duration.ofSeconds(5),
                400_000,
                400_000,
                400_000,
                7,
                BOTH,
                List.of(13, 25, 50, 75, 100)),
            new Plan(
                5,
                Duration.ofMillis(300),
                Duration.ofMillis(1500),
                100_000,
                60_000,
                100_000,
                3,
                BOTH,
                List.of(25)),
            new Plan(
                1,
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                4_000,
                20_000,
                20_000,
                1,
                List.of(SIZES),
                List.of(25)));
    context.note("rounds", plan.rounds);
    context.note("slice.ms", plan.slice.toMillis());
    context.note("serverThreads", plan.threads());
    context.note("loadThreads", plan.threads());
    Optional<String> version = RealMemcached.version();
    context.note("realMemcached", version.orElse("none"));
    List<Metric> judged = new ArrayList<>();
    List<Metric> details = new ArrayList<>();
    if (version.isEmpty()) {
      context.progress("no memcached here: nothing to compare with; apt-get install memcached");
    }
    new MemcachedLocal(plan, context, judged, details).measure(version.isPresent());
    if (RealMemcached.hasExtstore()) {
      new MemcachedExtstore(plan, context, judged, details).measure();
    } else {
      context.progress("no memcached with extstore here: that comparison is left out");
    }
    new MemcachedModes(plan, context, judged, details).measure();
    judged.addAll(details);
    return judged;
  }

  /** Reads of skewed keys, none of which changes. */
  static Shape reads() {
    return Shape.find(SIZES)
        .with(
            Optional.of(1.0),
            Optional.empty(),
            Optional.of(SKEW),
            Optional.empty(),
            Optional.empty())
        .withChurn(0);
  }
}
