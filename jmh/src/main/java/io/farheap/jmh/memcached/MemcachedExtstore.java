package io.farheap.jmh.memcached;

import io.farheap.apps.load.Shape;
import io.farheap.apps.load.SizeDistribution;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.jmh.memcached.Memcached.Plan;
import io.farheap.jmh.memcached.MemcachedSubject.Slice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A quarter of the items in RAM, the others in memory that is reached as storage: the real
 * memcached puts them into a file of tmpfs, ours onto a memory server whose memory it maps.
 */
final class MemcachedExtstore {
  private static final String EXTSTORE = "extstore";
  private static final String SHM = "shm25";
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final String THROUGHPUT = ".throughput";
  private static final String P99 = ".p99";
  private static final String P999 = ".p999";
  private static final String SERVER_CPU = ".server.cpu";
  private static final String ALL_CPU = ".all.cpu";
  private static final String HITS = ".hits";
  private static final int CONNECTIONS = 16;
  private static final int QUARTER = 25;
  private static final long MIB = 1 << 20;

  /** Less and it does not start with pages and buffers of these sizes. */
  private static final long LEAST_RAM_BYTES = 32 * MIB;

  /** Faster than this, extstore evicts items rather than write them out. */
  private static final double STORES_PER_SECOND = 40_000;

  private static final double PERCENT = 100;
  private static final double NANOS_PER_MICRO = 1e3;

  /** Reads of values large enough that extstore's headers are a small part. */
  private static final Shape SHAPE =
      new Shape(
          "large reads", 1, 1, 0.99, 0, false, SizeDistribution.of(32), SizeDistribution.of(1000));

  private final Plan plan;
  private final BenchmarkContext context;
  private final List<Metric> judged;
  private final List<Metric> details;
  private final List<MemcachedSubject> subjects = new ArrayList<>();

  MemcachedExtstore(
      Plan plan, BenchmarkContext context, List<Metric> judged, List<Metric> details) {
    this.plan = plan;
    this.context = context;
    this.judged = judged;
    this.details = details;
  }

  void measure() {
    MemcachedSubject.Load load =
        new MemcachedSubject.Load(plan.threads(), CONNECTIONS, 1, plan.largeItems(), SHAPE);
    double item = SHAPE.keySizes().meanBytes() + SHAPE.valueSizes().meanBytes();
    long heap = MemcachedHeaps.estimate((long) (item * load.keys()), load.keys());
    if (!Files.isWritable(SHARED_MEMORY)
        || SHARED_MEMORY.toFile().getUsableSpace() < 4 * MemcachedHeaps.far(heap)) {
      context.progress(
          SHARED_MEMORY + " has too little room: the comparison with extstore is left out");
      return;
    }
    long ram = Math.max(LEAST_RAM_BYTES, MemcachedHeaps.partLocal(heap, QUARTER));
    try {
      start(MemcachedHeaps.remote(SHM, "shm", ram, MemcachedHeaps.far(heap), load));
      // Ours has an index and tables beside the local memory, the real one gets as much on top.
      long beside =
          subjects.getFirst().server().stat("hash_bytes")
              + subjects.getFirst().server().stat("far_local_metadata_bytes");
      context.note("extstore.ramBytes", ram + beside);
      Path file = SHARED_MEMORY.resolve("farheap-bench-" + ProcessHandle.current().pid());
      start(
          new MemcachedSubject(
              EXTSTORE,
              Reference.startExtstore(ram + beside, plan.threads(), file, 2 * heap + 64 * MIB),
              Optional.empty(),
              load));
      report(rounds());
    } finally {
      subjects.forEach(MemcachedSubject::close);
    }
  }

  private void start(MemcachedSubject subject) {
    subjects.add(subject);
    context.progress(subject.name() + ": storing " + plan.largeItems() + " items of 1 kB");
    double share = subject.storeSlowly(STORES_PER_SECOND, plan.warmUp());
    context.progress(
        String.format(Locale.ROOT, "%s: finds %.2f %%", subject.name(), PERCENT * share));
    subject.closed(plan.warmUp(), 1);
  }

  private Samples rounds() {
    Samples samples = new Samples(plan.rounds());
    for (int round = 0; round < plan.rounds(); round++) {
      context.progress("round " + (round + 1) + " of " + plan.rounds());
      for (MemcachedSubject subject : Samples.order(subjects, round)) {
        Slice slice = subject.closed(plan.slice(), 1);
        String name = subject.name();
        samples.put(name + THROUGHPUT, round, slice.throughput());
        samples.put(name + P99, round, slice.p99Nanos());
        samples.put(name + P999, round, (double) slice.result().get().p999Nanos());
        samples.put(name + SERVER_CPU, round, slice.serverCpuPerOperation());
        samples.put(name + ALL_CPU, round, slice.allCpuPerOperation());
        samples.put(name + HITS, round, slice.result().hitShare());
      }
    }
    return samples;
  }

  private void report(Samples samples) {
    judged.add(
        Metric.higher(
            "shm25.vs.extstore.throughput.ratio",
            samples.medianRatio(SHM + THROUGHPUT, EXTSTORE + THROUGHPUT),
            Metric.RATIO));
    judged.add(
        Metric.lower(
            "shm25.vs.extstore.p99.ratio",
            samples.medianRatio(SHM + P99, EXTSTORE + P99),
            Metric.RATIO));
    details.add(
        Metric.lower(
            "shm25.vs.extstore.server.cpu.ratio",
            samples.median(SHM + SERVER_CPU) / Math.max(1, samples.median(EXTSTORE + SERVER_CPU)),
            Metric.RATIO));
    for (String name : List.of(SHM, EXTSTORE)) {
      details.add(Metric.higher(name + ".get.per.s", samples.median(name + THROUGHPUT), "op/s"));
      for (String what : List.of(P99, P999, SERVER_CPU, ALL_CPU)) {
        details.add(
            Metric.lower(name + what + ".us", samples.median(name + what) / NANOS_PER_MICRO, "us"));
      }
      details.add(Metric.higher(name + ".hit.share", samples.median(name + HITS), "share"));
    }
  }
}
