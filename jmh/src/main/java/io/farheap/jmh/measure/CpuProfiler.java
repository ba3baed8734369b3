package io.farheap.jmh.measure;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** CPU time of the whole process during an iteration: agents and the JVM's own threads included. */
public final class CpuProfiler implements InternalProfiler {
  /** Label of the result, in nanoseconds per invocation of the benchmark method. */
  public static final String LABEL = "cpu.norm";

  private long startNanos;

  /** Made by JMH. */
  public CpuProfiler() {}

  @Override
  public String getDescription() {
    return "process CPU time per invocation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    startNanos = ProcessClock.nanos();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long cpuNanos = ProcessClock.nanos() - startNanos;
    long invocations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult(LABEL, (double) cpuNanos / invocations, "ns/op", AggregationPolicy.AVG));
  }
}
