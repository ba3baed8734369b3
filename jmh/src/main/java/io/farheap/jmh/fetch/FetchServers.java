package io.farheap.jmh.fetch;

import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import io.farheap.testing.process.ChildProcess;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a memory server takes to start, and costs while nobody asks it for anything. */
final class FetchServers {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double PERCENT = 100;

  private FetchServers() {}

  static void measure(BenchmarkContext context, List<Metric> details) {
    int starts = context.choose(5, 3, 1);
    long restMillis = context.choose(5_000, 2_000, 50);
    int clients = context.choose(1_000, 1_000, 20);
    context.progress("servers at rest");
    details.add(Metric.lower("server.start.ms", startMillis(starts), "ms"));
    try (FetchServer server = FetchServer.insecure("--silence=10min", "--lease=10min")) {
      ChildProcess process = server.process();
      // The JIT may still be at work on what the start and the first clients have called.
      IdleClients.comeAndGo(process.port(), clients);
      pause(restMillis);
      details.add(Metric.lower("server.rest.cpu.percent", cpuPercent(process, restMillis), "%"));
      long beforeBytes = process.residentBytes();
      try (IdleClients idle = new IdleClients(process.port(), clients)) {
        double bytes = (double) (process.residentBytes() - beforeBytes) / idle.size();
        details.add(Metric.lower("idle.client.bytes", Math.max(0, bytes), "B"));
        pause(restMillis);
        details.add(Metric.lower("idle.clients.cpu.percent", cpuPercent(process, restMillis), "%"));
      }
    }
    context.note("idleClients", clients);
  }

  /** From the start of the process to the answer to the first client, which it lets in. */
  private static double startMillis(int starts) {
    double[] millis = new double[starts];
    for (int i = 0; i < starts; i++) {
      long startNanos = System.nanoTime();
      try (FetchServer server = FetchServer.insecure()) {
        IdleClients.comeAndGo(server.process().port(), 1);
        millis[i] = (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
      }
    }
    return Samples.median(millis);
  }

  private static double cpuPercent(ChildProcess process, long millis) {
    long cpuNanos = process.threadCpuNanos();
    long startNanos = System.nanoTime();
    pause(millis);
    long nanos = System.nanoTime() - startNanos;
    return PERCENT * Math.max(0, process.threadCpuNanos() - cpuNanos) / nanos;
  }

  private static void pause(long millis) {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = endNanos - System.nanoTime(); left > 0; left = endNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
