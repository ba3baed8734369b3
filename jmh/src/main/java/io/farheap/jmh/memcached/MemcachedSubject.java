package io.farheap.jmh.memcached;

import io.farheap.apps.load.LoadGenerator;
import io.farheap.apps.load.LoadResult;
import io.farheap.apps.load.LoadSettings;
import io.farheap.apps.load.Shape;
import io.farheap.jmh.measure.ProcessClock;
import io.farheap.testing.process.ChildProcess;
import java.time.Duration;
import java.util.Optional;

/** A server that is measured, the memory server behind it if it has one, and its load. */
final class MemcachedSubject implements AutoCloseable {
  private static final long SEED = 42;

  /** How often keys that were missed may be stored again before measuring. */
  private static final int MOST_FILLS = 10;

  /** Longer than memory servers wait for clients to leave. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final double NEARLY_ALL = 0.995;

  private final String name;
  private final ServerProcess server;
  private final Optional<ChildProcess> memory;
  private final LoadGenerator load;

  /**
   * Who loads it.
   *
   * @param threads of the load
   * @param connections of all of them
   * @param depth most requests under way on one
   * @param keys how many there are
   * @param shape what is asked for
   */
  record Load(int threads, int connections, int depth, int keys, Shape shape) {}

  MemcachedSubject(String name, ServerProcess server, Optional<ChildProcess> memory, Load who) {
    this.name = name;
    this.server = server;
    this.memory = memory;
    LoadGenerator made = null;
    try {
      made =
          new LoadGenerator(
              new LoadSettings(
                  server.address(),
                  who.threads,
                  who.connections,
                  who.depth,
                  who.keys,
                  who.shape,
                  true,
                  SEED));
    } finally {
      if (made == null) {
        closeProcesses();
      }
    }
    this.load = made;
  }

  /**
   * What a slice of a run found, and what it cost.
   *
   * @param result what the load saw
   * @param serverCpuNanos CPU time of the server and of the memory server
   * @param loadCpuNanos CPU time of this process
   */
  record Slice(LoadResult result, long serverCpuNanos, long loadCpuNanos) {
    double throughput() {
      return result.operationsPerSecond();
    }

    double p99Nanos() {
      return result.get().p99Nanos();
    }

    double serverCpuPerOperation() {
      return (double) serverCpuNanos / Math.max(1, result.operations());
    }

    double loadCpuPerOperation() {
      return (double) loadCpuNanos / Math.max(1, result.operations());
    }

    double allCpuPerOperation() {
      return serverCpuPerOperation() + loadCpuPerOperation();
    }
  }

  /** One way to load. */
  private interface Run {
    LoadResult run(LoadGenerator load);
  }

  String name() {
    return name;
  }

  ServerProcess server() {
    return server;
  }

  /** Bytes of the keys and values that {@link #store} stores. */
  long itemBytes() {
    return load.itemBytes();
  }

  LoadResult store() {
    return load.store();
  }

  /**
   * Stores every key no faster than said, then those that were forgotten, until nearly all stay.
   */
  double storeSlowly(double operationsPerSecond, Duration fill) {
    load.store(operationsPerSecond);
    double share = 0;
    for (int i = 0; i < MOST_FILLS && share < NEARLY_ALL; i++) {
      share = load.closed(fill).hitShare();
    }
    return share;
  }

  Slice closed(Duration duration, int depth) {
    return measure(generator -> generator.closed(duration, depth));
  }

  Slice open(Duration duration, double operationsPerSecond) {
    return measure(generator -> generator.open(duration, operationsPerSecond));
  }

  private Slice measure(Run run) {
    long serverNanos = cpuNanos();
    long loadNanos = ProcessClock.nanos();
    LoadResult result = run.run(load);
    loadNanos = ProcessClock.nanos() - loadNanos;
    serverNanos = cpuNanos() - serverNanos;
    if (result.errors() > 0) {
      throw new IllegalStateException(
          name + " answered " + result.errors() + " times that it could not do what was asked");
    }
    return new Slice(result, serverNanos, loadNanos);
  }

  private long cpuNanos() {
    return server.cpuNanos() + memory.map(ChildProcess::threadCpuNanos).orElse(0L);
  }

  @Override
  public void close() {
    load.close();
    closeProcesses();
  }

  private void closeProcesses() {
    server.close();
    memory.ifPresent(process -> process.stop(PATIENCE));
  }
}
