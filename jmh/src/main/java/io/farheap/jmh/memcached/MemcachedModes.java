package io.farheap.jmh.memcached;

import io.farheap.apps.load.Shape;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.jmh.memcached.Memcached.Plan;
import io.farheap.jmh.memcached.MemcachedSubject.Slice;
import java.util.ArrayList;
import java.util.List;

/** Our memcached in each mode, on the skewed, churning and on the uniform shape. */
final class MemcachedModes {
  private static final String HYBRID = MemcachedHeaps.HYBRID;
  private static final String PAGING = "paging";
  private static final String OBJECT = "object";
  private static final List<String> MODES = List.of(HYBRID, PAGING, OBJECT);

  /** As of a network with remote access to memory: 5 us, and 1 ns for every 8 bytes. */
  private static final String LOCATOR = "embedded:?latency=5us&nanosPerByte=0.125";

  private static final int CONNECTIONS = 16;
  private static final int DEPTH = 4;
  private static final int ALL = 100;
  private static final String THROUGHPUT = ".throughput";
  private static final String P99 = ".p99";
  private static final String SERVER_CPU = ".server.cpu";
  private static final double NANOS_PER_MICRO = 1e3;

  private final Plan plan;
  private final BenchmarkContext context;
  private final List<Metric> judged;
  private final List<Metric> details;

  MemcachedModes(Plan plan, BenchmarkContext context, List<Metric> judged, List<Metric> details) {
    this.plan = plan;
    this.context = context;
    this.judged = judged;
    this.details = details;
  }

  void measure() {
    context.note("modes.locator", LOCATOR);
    for (String shape : plan.shapes()) {
      double product = 1;
      for (int share : plan.shares()) {
        product *= measure(Shape.find(shape), share);
      }
      judged.add(
          Metric.higher(
              shape + ".hybrid.vs.best",
              Math.pow(product, 1.0 / plan.shares().size()),
              Metric.RATIO));
    }
  }

  /** Answers the throughput of hybrid mode against the better of the others. */
  private double measure(Shape shape, int share) {
    MemcachedSubject.Load load =
        new MemcachedSubject.Load(plan.threads(), CONNECTIONS, DEPTH, plan.modeItems(), shape);
    String prefix = shape.name() + "." + share + ".";
    context.progress(prefix + "*: storing " + plan.modeItems() + " items in each mode");
    double item = shape.keySizes().meanBytes() + shape.valueSizes().meanBytes();
    long heap = MemcachedHeaps.estimate((long) (item * load.keys()), load.keys());
    long local =
        share == ALL ? MemcachedHeaps.allLocal(heap) : MemcachedHeaps.partLocal(heap, share);
    List<MemcachedSubject> subjects = new ArrayList<>();
    try {
      for (String mode : MODES) {
        MemcachedSubject subject =
            MemcachedHeaps.embedded(mode, local, MemcachedHeaps.far(heap), mode, LOCATOR, load);
        subjects.add(subject);
        subject.store();
        subject.closed(plan.warmUp(), DEPTH);
      }
      return report(prefix, rounds(subjects));
    } finally {
      subjects.forEach(MemcachedSubject::close);
    }
  }

  private Samples rounds(List<MemcachedSubject> subjects) {
    Samples samples = new Samples(plan.modeRounds());
    for (int round = 0; round < plan.modeRounds(); round++) {
      for (MemcachedSubject subject : Samples.order(subjects, round)) {
        Slice slice = subject.closed(plan.slice(), DEPTH);
        samples.put(subject.name() + THROUGHPUT, round, slice.throughput());
        samples.put(subject.name() + P99, round, slice.p99Nanos());
        samples.put(subject.name() + SERVER_CPU, round, slice.serverCpuPerOperation());
      }
    }
    return samples;
  }

  private double report(String prefix, Samples samples) {
    double paging = samples.medianRatio(HYBRID + THROUGHPUT, PAGING + THROUGHPUT);
    double object = samples.medianRatio(HYBRID + THROUGHPUT, OBJECT + THROUGHPUT);
    details.add(Metric.higher(prefix + "hybrid.vs.paging", paging, Metric.RATIO));
    details.add(Metric.higher(prefix + "hybrid.vs.object", object, Metric.RATIO));
    details.add(
        Metric.lower(
            prefix + "hybrid.vs.paging.p99",
            samples.medianRatio(HYBRID + P99, PAGING + P99),
            Metric.RATIO));
    for (String mode : MODES) {
      details.add(
          Metric.higher(prefix + mode + ".per.s", samples.median(mode + THROUGHPUT), "op/s"));
      details.add(
          Metric.lower(
              prefix + mode + ".p99.us", samples.median(mode + P99) / NANOS_PER_MICRO, "us"));
      details.add(
          Metric.lower(
              prefix + mode + ".server.cpu.us",
              samples.median(mode + SERVER_CPU) / NANOS_PER_MICRO,
              "us"));
    }
    return Math.min(paging, object);
  }
}
