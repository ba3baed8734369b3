package io.farheap.jmh;

import io.farheap.jmh.evacuation.Evacuation;
import io.farheap.jmh.evacuation.Footprint;
import io.farheap.jmh.fetch.Fetch;
import io.farheap.jmh.fetch.FetchRemote;
import io.farheap.jmh.hit.HotDeref;
import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.BenchmarkContext.Effort;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Report;
import io.farheap.jmh.memcached.Memcached;
import io.farheap.jmh.paths.Paths;
import io.farheap.jmh.zipf.Zipf;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The benchmarks by name. */
final class Benchmarks {
  /** A new benchmark is a class of its own and one entry here. */
  private static final List<Benchmark> ALL =
      List.of(
          new HotDeref(),
          new Zipf(),
          new Paths(),
          new Evacuation(),
          new Footprint(),
          new Fetch(),
          new Memcached());

  private static final int EXIT_OK = 0;
  private static final int EXIT_USAGE = 2;

  private Benchmarks() {}

  /**
   * The names that {@link #run} knows.
   *
   * @return the names, in the order in which to show them
   */
  static List<String> names() {
    return ALL.stream().map(Benchmark::name).toList();
  }

  /**
   * Runs one benchmark and prints its figures.
   *
   * @param name one of {@link #names()}
   * @param quick whether to fit into 60 seconds ({@code paths}: 100, {@code memcached}: 120)
   * @param jsonOrNull the file to write the figures to, or null for none
   * @param out where the table of figures goes
   * @return the process's exit code: 0 for success, 2 for an unknown name
   * @throws IllegalStateException if what was to be measured did not happen
   */
  static int run(String name, boolean quick, Path jsonOrNull, PrintStream out) {
    Optional<Benchmark> found = find(name);
    if (found.isEmpty()) {
      out.println("unknown benchmark '" + name + "'; known are " + names());
      return EXIT_USAGE;
    }
    show(found.get(), quick, jsonOrNull, out);
    return EXIT_OK;
  }

  /**
   * Measures fetches from a memory server that runs already, and prints the figures.
   *
   * @param locator where it is
   * @param quick whether to fit into 60 seconds
   * @param jsonOrNull the file to write the figures to, or null for none
   * @param out where the table of figures goes
   * @throws io.farheap.transport.TransportException if the server cannot be reached or has too
   *     little memory
   */
  static void fetchFrom(String locator, boolean quick, Path jsonOrNull, PrintStream out) {
    show(new FetchRemote(locator), quick, jsonOrNull, out);
  }

  private static void show(Benchmark benchmark, boolean quick, Path jsonOrNull, PrintStream out) {
    Report report = run(benchmark, quick ? Effort.QUICK : Effort.FULL, out);
    report.print(out);
    if (jsonOrNull != null) {
      report.writeJson(jsonOrNull);
    }
  }

  /** Runs one benchmark with any effort. */
  static Report run(Benchmark benchmark, Effort effort, PrintStream out) {
    out.println(benchmark.name() + ": " + benchmark.description());
    BenchmarkContext context = new BenchmarkContext(effort, out);
    List<Metric> metrics = benchmark.run(context);
    return new Report(benchmark.name(), context.environment(), metrics);
  }

  /** The benchmark with a name. */
  static Optional<Benchmark> find(String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }
}
