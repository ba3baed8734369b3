package io.farheap.jmh.memcached;

import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.jmh.memcached.Memcached.Plan;
import io.farheap.jmh.memcached.MemcachedSubject.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All items local, against the real memcached; and a quarter of them, against that. */
final class MemcachedLocal {
  private static final String REAL = "real";
  private static final String FAR100 = "far100";
  private static final String TCP25 = "tcp25";
  private static final String ONE = ".get";
  private static final String PIPELINED = ".pipelined";
  private static final String PACED = ".paced";
  private static final String THROUGHPUT = ".throughput";
  private static final String P99 = ".p99";
  private static final String SERVER_CPU = ".server.cpu";
  private static final String LOAD_CPU = ".load.cpu";
  private static final String MISSES = ".misses";
  private static final int CONNECTIONS = 16;
  private static final int DEPTH = 16;
  private static final int QUARTER = 25;

  /** Half of what the real one can do, so that neither is hurried. */
  private static final double PACE = 0.5;

  private static final String MICROS = "us";
  private static final double NANOS_PER_MICRO = 1e3;
  private static final String BYTES = "B";

  private final Plan plan;
  private final BenchmarkContext context;
  private final List<Metric> judged;
  private final List<Metric> details;
  private final List<MemcachedSubject> subjects = new ArrayList<>();
  private double firstThroughput;

  MemcachedLocal(Plan plan, BenchmarkContext context, List<Metric> judged, List<Metric> details) {
    this.plan = plan;
    this.context = context;
    this.judged = judged;
    this.details = details;
  }

  /** Measures what there is. */
  void measure(boolean withReal) {
    MemcachedSubject.Load load =
        new MemcachedSubject.Load(
            plan.threads(), CONNECTIONS, DEPTH, plan.items(), Memcached.reads());
    try {
      long estimate = estimate(load);
      long local = MemcachedHeaps.allLocal(estimate);
      context.note("local.memoryBytes", local);
      if (withReal) {
        start(
            new MemcachedSubject(
                REAL, Reference.start(local, plan.threads()), Optional.empty(), load));
      }
      MemcachedSubject all =
          MemcachedHeaps.embedded(
              FAR100, local, local, MemcachedHeaps.HYBRID, MemcachedHeaps.EMBEDDED, load);
      start(all);
      long live = all.server().stat("far_live_bytes");
      long heap = live == 0 ? estimate : live;
      context.note("items.heapBytes", heap);
      start(
          MemcachedHeaps.remote(
              TCP25,
              "tcp",
              MemcachedHeaps.partLocal(heap, QUARTER),
              MemcachedHeaps.far(estimate),
              load));
      report(rounds());
    } finally {
      subjects.forEach(MemcachedSubject::close);
    }
  }

  /** Items have the same sizes whoever stores them. */
  private long estimate(MemcachedSubject.Load load) {
    double item = load.shape().keySizes().meanBytes() + load.shape().valueSizes().meanBytes();
    return MemcachedHeaps.estimate((long) (item * load.keys()), load.keys());
  }

  private void start(MemcachedSubject subject) {
    subjects.add(subject);
    context.progress(subject.name() + ": storing " + plan.items() + " items");
    long before = subject.server().residentBytes();
    subject.store();
    ram(subject, before);
    subject.closed(plan.warmUp(), DEPTH);
    Slice slice = subject.closed(plan.warmUp(), 1);
    firstThroughput = firstThroughput == 0 ? slice.throughput() : firstThroughput;
  }

  /** What the server takes for an item beside key and value, as it says itself. */
  private void ram(MemcachedSubject subject, long residentBefore) {
    ServerProcess server = subject.server();
    Map<String, String> stats = server.stats();
    double items = plan.items();
    long data = subject.itemBytes();
    details.add(
        Metric.lower(
            subject.name() + ".resident.growth.per.item",
            Math.max(0, (server.residentBytes() - residentBefore - data) / items),
            BYTES));
    if (subject.name().equals(TCP25)) {
      return;
    }
    long said =
        number(stats, subject.name().equals(REAL) ? "bytes" : "far_live_bytes")
            + number(stats, "hash_bytes")
            + number(stats, "far_local_metadata_bytes");
    double overhead = Math.max(0, (said - data) / items);
    if (subject.name().equals(FAR100)) {
      judged.add(Metric.lower("ram.overhead.bytes.per.item", overhead, BYTES));
    } else {
      details.add(Metric.lower("real.ram.overhead.bytes.per.item", overhead, BYTES));
    }
  }

  private static long number(Map<String, String> stats, String name) {
    return Long.parseLong(stats.getOrDefault(name, "0"));
  }

  private Samples rounds() {
    double pace = PACE * firstThroughput;
    context.note("paced.operationsPerSecond", Math.round(pace));
    Samples samples = new Samples(plan.rounds());
    for (int round = 0; round < plan.rounds(); round++) {
      context.progress("round " + (round + 1) + " of " + plan.rounds());
      for (MemcachedSubject subject : Samples.order(subjects, round)) {
        String name = subject.name();
        put(samples, round, name + ONE, subject.closed(plan.slice(), 1));
        put(samples, round, name + PIPELINED, subject.closed(plan.slice(), DEPTH));
        put(samples, round, name + PACED, subject.open(plan.slice(), pace));
      }
    }
    return samples;
  }

  private static void put(Samples samples, int round, String name, Slice slice) {
    samples.put(name + THROUGHPUT, round, slice.throughput());
    samples.put(name + P99, round, slice.p99Nanos());
    samples.put(name + SERVER_CPU, round, slice.serverCpuPerOperation());
    samples.put(name + LOAD_CPU, round, slice.loadCpuPerOperation());
    samples.put(name + MISSES, round, 1 - slice.result().hitShare());
  }

  private void report(Samples samples) {
    List<String> names = subjects.stream().map(MemcachedSubject::name).toList();
    if (names.contains(REAL) && names.contains(FAR100)) {
      judged.add(more("get.throughput.ratio", samples, FAR100 + ONE, REAL + ONE));
      judged.add(
          more("get.pipelined.throughput.ratio", samples, FAR100 + PIPELINED, REAL + PIPELINED));
      judged.add(less("get.p99.ratio", samples, FAR100 + PACED, REAL + PACED));
      details.add(less("get.closed.p99.ratio", samples, FAR100 + ONE, REAL + ONE));
    }
    if (names.contains(TCP25)) {
      judged.add(more("tcp25.throughput.ratio", samples, TCP25 + ONE, FAR100 + ONE));
      details.add(
          more("tcp25.pipelined.throughput.ratio", samples, TCP25 + PIPELINED, FAR100 + PIPELINED));
    }
    for (String name : names) {
      for (String way : List.of(ONE, PIPELINED, PACED)) {
        details.add(
            Metric.higher(name + way + ".per.s", samples.median(name + way + THROUGHPUT), "op/s"));
        details.add(micros(name + way + P99, samples));
        details.add(micros(name + way + SERVER_CPU, samples));
        details.add(micros(name + way + LOAD_CPU, samples));
      }
      details.add(Metric.lower(name + ".miss.share", samples.median(name + ONE + MISSES), "share"));
    }
  }

  private static Metric more(String name, Samples samples, String subject, String baseline) {
    return Metric.higher(
        name, samples.medianRatio(subject + THROUGHPUT, baseline + THROUGHPUT), Metric.RATIO);
  }

  private static Metric less(String name, Samples samples, String subject, String baseline) {
    return Metric.lower(name, samples.medianRatio(subject + P99, baseline + P99), Metric.RATIO);
  }

  private static Metric micros(String name, Samples samples) {
    return Metric.lower(name + ".us", samples.median(name) / NANOS_PER_MICRO, MICROS);
  }
}
