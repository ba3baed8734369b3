package io.farheap.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.jmh.fetch.FetchRemote;
import io.farheap.jmh.measure.BenchmarkContext.Effort;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Report;
import io.farheap.testing.process.RealMemcached;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every benchmark works, with sizes so small that its figures mean nothing. */
class BenchmarksTest {
  /** The figures that are judged; a benchmark without an entry here fails. */
  private static final Map<String, Set<String>> JUDGED =
      Map.of(
          "hot-deref",
          Set.of(
              "scoped.l2.ratio",
              "optimistic.l2.ratio",
              "typed.l2.ratio",
              "scoped.dram.ratio",
              "optimistic.dram.ratio",
              "typed.dram.ratio",
              "hit.alloc.bytes"),
          "zipf",
          Set.of(
              "zipf100.ratio", "zipf75.ratio", "zipf50.ratio", "zipf25.ratio", "zipf25.cpu.ratio"),
          "paths",
          Set.of(
              "skewed-churn.hybrid.vs.best",
              "uniform.hybrid.vs.best",
              "scan.hybrid.vs.best",
              "phases.hybrid.vs.best",
              "hybrid.vs.best.geomean",
              "hybrid.vs.best.min",
              "skewed-churn.miss.ratio",
              "skewed-churn.bytes.vs.paging",
              "skewed-churn.vs.paging",
              "scan.vs.object",
              "phases.vs.object",
              "far.total.vs.live"),
          "evacuation",
          Set.of(
              "evacuation.p999.ratio", "evacuation.bytes.per.cpu.second", "evacuation.cpu.share"),
          "footprint",
          Set.of(
              "far.total.vs.live", "local.native.bytes.per.object", "java.heap.bytes.per.object"),
          "fetch",
          Set.of(
              "object64.p50.ratio",
              "object64.p99.ratio",
              "page.p50.ratio",
              "page.p99.ratio",
              "pipelined.throughput.ratio",
              "object64.vs.blocking.socket.ratio",
              "shm.page.ratio",
              "tls.page.p50.ratio",
              "far.page.client.cpu.us",
              "far.page.server.cpu.us",
              "server.rest.cpu.percent",
              "idle.client.bytes",
              "server.start.ms"),
          "memcached",
          memcached());

  /** Ours is measured everywhere, and beside whatever memcached this machine has. */
  private static Set<String> memcached() {
    Set<String> judged =
        new HashSet<>(
            Set.of(
                "ram.overhead.bytes.per.item", "tcp25.throughput.ratio", "mcd-cl.hybrid.vs.best"));
    if (RealMemcached.version().isPresent()) {
      judged.addAll(
          Set.of("get.throughput.ratio", "get.pipelined.throughput.ratio", "get.p99.ratio"));
    }
    if (RealMemcached.hasExtstore()) {
      judged.addAll(Set.of("shm25.vs.extstore.throughput.ratio", "shm25.vs.extstore.p99.ratio"));
    }
    return judged;
  }

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  static List<String> names() {
    return Benchmarks.names();
  }

  @Test
  void fetchesFromAServerThatRunsAlready() {
    Report report = Benchmarks.run(new FetchRemote("embedded:"), Effort.SMOKE, out);
    Map<String, Double> values =
        report.metrics().stream().collect(Collectors.toMap(Metric::name, Metric::value));
    assertTrue(values.containsKey("heap.object512.over.read.us"), values::toString);
    assertTrue(values.containsKey("read.page.p99.us"), values::toString);
    assertTrue(values.get("heap.miss.percent") > 50, values::toString);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyBenchmarkYieldsItsFigures(String name) {
    Report report = Benchmarks.run(Benchmarks.find(name).orElseThrow(), Effort.SMOKE, out);
    Map<String, Double> values =
        report.metrics().stream().collect(Collectors.toMap(Metric::name, Metric::value));
    Set<String> missing = new HashSet<>(JUDGED.get(name));
    missing.removeAll(values.keySet());
    assertEquals(Set.of(), missing);
    values.forEach(
        (metric, value) -> {
          boolean ok = metric.endsWith(".ratio") ? value > 0 : value >= 0;
          assertTrue(ok, () -> metric + " is " + value);
        });
    report.print(out);
    String table = printed.toString(StandardCharsets.UTF_8);
    values.keySet().forEach(metric -> assertTrue(table.contains(metric), metric));
    boolean alone = name.equals("memcached") && RealMemcached.version().isEmpty();
    assertEquals(alone, table.contains("no memcached here"), table);
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertNotEquals(0, Benchmarks.run("no-such", true, null, out));
    String said = printed.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("no-such") && said.contains("hot-deref"), said);
  }
}
