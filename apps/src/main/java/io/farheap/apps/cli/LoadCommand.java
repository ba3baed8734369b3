package io.farheap.apps.cli;

import com.google.gson.GsonBuilder;
import io.farheap.apps.load.LoadGenerator;
import io.farheap.apps.load.LoadResult;
import io.farheap.apps.load.LoadSettings;
import io.farheap.apps.load.Shape;
import io.farheap.base.text.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loads a server that speaks memcached's text protocol. */
@Command(
    name = "load",
    sortOptions = false,
    description = {
      "Load a memcached, ours or any other, and check every value that it answers. First every key"
          + " is stored once; then requests are measured, in a closed loop, or with --rate at that"
          + " rate whether or not the server keeps up.",
      "Exit code 1 if the server goes away or answers a wrong value."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap load localhost:11211                 100,000 keys as Meta's kvcache",
      "  farheap load localhost:11211 --shape etc --depth 16 --connections 8",
      "  farheap load localhost:11211 --rate 50000    latencies at 50,000 a second",
      "  farheap load localhost:11211 --zipf 0.8 --get 0.9 --key 20 --value 100",
      "  farheap load localhost:11211 --shape mine.shape --json result.json",
      "",
      "docs/load.md has the format of a shape, and where the built-in ones come from."
    })
final class LoadCommand implements Callable<Integer> {
  private static final int DEFAULT_PORT = 11211;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double PERCENT = 100;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "HOST[:PORT]", description = "Where the server listens.")
  private String server;

  @Option(
      names = "--shape",
      paramLabel = "NAME|FILE",
      defaultValue = "kvcache",
      description = "What to ask for; --shapes lists the names (default: ${DEFAULT-VALUE}).")
  private String shape;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "How many keys there are (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2",
      description = "Seconds of the same load before (default: ${DEFAULT-VALUE}).")
  private double warmUpSeconds;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Requests a second, at random times (default: as fast as they are answered).")
  private Double rate;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that load (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "4",
      description = "Connections of all threads together (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Requests under way on a connection at most (default: 1, with --rate 64).")
  private Integer depth;

  @Option(names = "--get", paramLabel = "SHARE", description = "Share of reads, 0 to 1.")
  private Double getShare;

  @Option(names = "--multiget", paramLabel = "N", description = "Keys in one read.")
  private Integer multiget;

  @Option(names = "--zipf", paramLabel = "SKEW", description = "Skew of the keys, 0 to 3.")
  private Double skew;

  @Option(names = "--key", paramLabel = "BYTES", description = "Size of all keys.")
  private Integer keyBytes;

  @Option(names = "--value", paramLabel = "BYTES", description = "Size of all values.")
  private Integer valueBytes;

  @Option(
      names = "--store-rate",
      paramLabel = "N",
      description = "Keys a second to store first (default: as fast as they are taken).")
  private Double storeRate;

  @Option(names = "--no-store", description = "Do not store every key first.")
  private boolean withoutStore;

  @Option(names = "--no-fill", description = "Do not store keys that were missed.")
  private boolean withoutFill;

  @Option(names = "--read-all", description = "At the end read every key once.")
  private boolean readAll;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Where keys, values and order come from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures there.")
  private Path json;

  @Option(
      names = "--shapes",
      help = true,
      description = "Print the names of the built-in shapes and exit.")
  private boolean listed;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (listed) {
      Shape.names().forEach(out::println);
      out.flush();
      return spec.exitCodeOnSuccess();
    }
    LoadSettings settings;
    try {
      settings = settings();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Map<String, Object> results = new LinkedHashMap<>();
    try (LoadGenerator load = new LoadGenerator(settings)) {
      out.printf(
          Locale.ROOT,
          "%s on %s: %,d keys, %d threads, %d connections, depth %d%n",
          settings.shape().name(),
          settings.server(),
          settings.keys(),
          settings.threads(),
          settings.connections(),
          settings.depth());
      if (!withoutStore) {
        results.put(
            "store", show(out, "stored", storeRate == null ? load.store() : load.store(storeRate)));
      }
      if (warmUpSeconds > 0) {
        run(load, warmUpSeconds);
      }
      results.put("measured", show(out, "measured", run(load, seconds)));
      if (readAll) {
        results.put("readAll", show(out, "read all", load.readAll()));
      }
    }
    if (json != null) {
      Files.writeString(
          json, new GsonBuilder().setPrettyPrinting().create().toJson(results) + "\n");
    }
    return spec.exitCodeOnSuccess();
  }

  private LoadResult run(LoadGenerator load, double runSeconds) {
    Duration duration = Duration.ofMillis(Math.round(runSeconds * MILLIS_PER_SECOND));
    return rate == null ? load.closed(duration) : load.open(duration, rate);
  }

  private LoadSettings settings() {
    Shape chosen =
        Shape.find(shape)
            .with(
                Optional.ofNullable(getShare),
                Optional.ofNullable(multiget),
                Optional.ofNullable(skew),
                Optional.ofNullable(keyBytes),
                Optional.ofNullable(valueBytes));
    if (!(seconds > 0) || !(warmUpSeconds >= 0)) {
      throw new IllegalArgumentException("want --seconds above and --warm-up from 0");
    }
    if (rate != null && !(rate > 0)) {
      throw new IllegalArgumentException("--rate is " + rate + "; want more than 0");
    }
    int most = depth != null ? depth : rate == null ? 1 : 64;
    return new LoadSettings(
        address(server),
        threads,
        Math.max(connections, threads),
        most,
        keys,
        chosen,
        !withoutFill,
        seed);
  }

  /** Where to find a server, by default on memcached's port. */
  static InetSocketAddress address(String text) {
    try {
      HostPort place = HostPort.parse(text, DEFAULT_PORT);
      if (place.port() > 0) {
        return place.resolve();
      }
    } catch (IllegalArgumentException e) {
      // said below, with an example
    }
    throw new IllegalArgumentException("'" + text + "' is no HOST:PORT such as localhost:11211");
  }

  private LoadResult show(PrintWriter out, String what, LoadResult result) {
    out.printf(
        Locale.ROOT,
        "%-9s %,12.0f op/s in %.2f s: %,d gets (%.2f %% of keys found), %,d sets, %,d errors%n",
        what,
        result.operationsPerSecond(),
        result.nanos() / NANOS_PER_SECOND,
        result.gets(),
        PERCENT * result.hitShare(),
        result.sets(),
        result.errors());
    latency(out, "get", result.get());
    latency(out, "set", result.set());
    latency(out, "lag", result.lag());
    if (result.unsent() > 0) {
      out.printf(
          Locale.ROOT,
          "          %,d requests were not sent: the server does not keep up%n",
          result.unsent());
    }
    out.printf(
        Locale.ROOT,
        "          %,.1f MB received, %,.1f MB sent, %.2f us of the load's CPU for each request%n",
        result.receivedBytes() / 1e6,
        result.sentBytes() / 1e6,
        result.cpuNanos() / NANOS_PER_MICRO / Math.max(1, result.operations()));
    out.flush();
    return result;
  }

  private static void latency(PrintWriter out, String what, LoadResult.Latency latency) {
    if (latency.count() == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "  %s us: mean %,.1f  p50 %,.1f  p90 %,.1f  p99 %,.1f  p99.9 %,.1f  most %,.1f%n",
        what,
        latency.meanNanos() / NANOS_PER_MICRO,
        latency.p50Nanos() / NANOS_PER_MICRO,
        latency.p90Nanos() / NANOS_PER_MICRO,
        latency.p99Nanos() / NANOS_PER_MICRO,
        latency.p999Nanos() / NANOS_PER_MICRO,
        latency.mostNanos() / NANOS_PER_MICRO);
  }
}
