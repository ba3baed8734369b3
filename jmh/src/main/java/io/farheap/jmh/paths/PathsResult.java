package io.farheap.jmh.paths;

import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.stats.Counter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of one workload with one share of it local. */
final class PathsResult {
  private static final String CPU = ".cpu";

  private final String label;
  private final Map<String, PathsHeap> heaps = new LinkedHashMap<>();
  private final Samples samples = new Samples(PathsCell.ROUNDS);
  private final long operations;
  private final long simulatedMisses;

  /**
   * Keeps what was measured.
   *
   * @param label workload and local share, joined by a dot
   * @param measured the heaps, which may be closed afterwards
   * @param operations how many each of them did
   * @param simulatedMisses misses of the simulated cache meanwhile
   */
  PathsResult(String label, List<PathsHeap> measured, long operations, long simulatedMisses) {
    this.label = label;
    this.operations = operations;
    this.simulatedMisses = simulatedMisses;
    for (PathsHeap heap : measured) {
      heaps.put(heap.name(), heap);
      for (int round = 0; round < PathsCell.ROUNDS; round++) {
        double share = (double) PathsCell.ROUNDS / operations;
        samples.put(heap.name(), round, heap.roundNanos()[round] * share);
        samples.put(heap.name() + CPU, round, heap.roundCpuNanos()[round] * share);
      }
    }
  }

  /** Median nanoseconds for an operation. */
  double nanos(String heap) {
    return samples.median(heap);
  }

  /** Misses for an operation. */
  double missShare(String heap) {
    return (double) heaps.get(heap).during().misses() / operations;
  }

  /** Bytes moved in and out for an operation. */
  double movedBytes(String heap) {
    return (double) heaps.get(heap).movedBytes() / operations;
  }

  /** Throughput of a heap per that of another: the median of the rounds' quotients. */
  double throughput(String heap, String baseline) {
    return samples.medianRatio(baseline, heap);
  }

  /** Throughput of hybrid mode per that of the better one of its halves. */
  double hybridPerBest() {
    return Math.min(hybridPer(PathsSubject.PAGING), hybridPer(PathsSubject.OBJECT));
  }

  /** Throughput of hybrid mode per that of another. */
  double hybridPer(PathsSubject mode) {
    return throughput(PathsSubject.HYBRID.name(), mode.name());
  }

  private double hybridPerBestByCpu() {
    String hybrid = PathsSubject.HYBRID.name() + CPU;
    return Math.min(
        throughput(hybrid, PathsSubject.PAGING.name() + CPU),
        throughput(hybrid, PathsSubject.OBJECT.name() + CPU));
  }

  /** Misses of hybrid mode per miss of the simulated cache; without any, what hybrid has. */
  double missRatio() {
    long misses = heaps.get(PathsSubject.HYBRID.name()).during().misses();
    return (double) misses / Math.max(1, simulatedMisses);
  }

  /** Bytes moved in hybrid mode per byte in paging mode; 1 if neither moved anything. */
  double movedPerPaging() {
    long hybrid = heaps.get(PathsSubject.HYBRID.name()).movedBytes();
    long paging = heaps.get(PathsSubject.PAGING.name()).movedBytes();
    return (double) Math.max(1, hybrid) / Math.max(1, paging);
  }

  double farTotalPerLive(String heap) {
    return heaps.get(heap).farTotalPerLive();
  }

  /** Everything about the three modes. */
  List<Metric> details() {
    List<Metric> details = new ArrayList<>();
    details.add(Metric.higher(label + ".hybrid.vs.best", hybridPerBest(), Metric.RATIO));
    details.add(
        Metric.higher(label + ".hybrid.vs.best.by.cpu", hybridPerBestByCpu(), Metric.RATIO));
    details.add(Metric.higher(label + ".vs.paging", hybridPer(PathsSubject.PAGING), Metric.RATIO));
    details.add(Metric.higher(label + ".vs.object", hybridPer(PathsSubject.OBJECT), Metric.RATIO));
    details.add(Metric.lower(label + ".miss.ratio", missRatio(), "misses/miss"));
    details.add(Metric.lower(label + ".bytes.vs.paging", movedPerPaging(), "B/B"));
    details.add(
        Metric.lower(label + ".clock.miss.share", (double) simulatedMisses / operations, "share"));
    heaps.values().forEach(heap -> add(heap, details));
    return details;
  }

  private void add(PathsHeap heap, List<Metric> details) {
    String name = label + "." + heap.name();
    details.add(Metric.lower(name + ".ns", nanos(heap.name()), "ns/op"));
    details.add(Metric.lower(name + ".cpu.ns", samples.median(heap.name() + CPU), "ns/op"));
    details.add(Metric.lower(name + ".miss.share", missShare(heap.name()), "share"));
    details.add(
        Metric.lower(
            name + ".object.fetch.share",
            (double) heap.during().count(Counter.OBJECT_FETCHES)
                / Math.max(1, heap.during().misses()),
            "share"));
    details.add(Metric.lower(name + ".moved.bytes", movedBytes(heap.name()), "B/op"));
    details.add(
        Metric.lower(
            name + ".evacuation.bytes.in",
            (double) heap.during().count(Counter.BYTES_IN_EVACUATION) / operations,
            "B/op"));
    details.add(
        Metric.lower(
            name + ".stalls", 1e6 * heap.during().count(Counter.STALLS) / operations, "per M ops"));
    details.add(Metric.lower(name + ".far.total.vs.live", heap.farTotalPerLive(), "B/B"));
    details.add(
        Metric.higher(name + ".evacuated.in.turn.share", heap.evacuatedInTurnShare(), "share"));
  }
}
