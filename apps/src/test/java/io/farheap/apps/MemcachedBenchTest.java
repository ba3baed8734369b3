package io.farheap.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.jmh.Benchmarks;
import io.farheap.jmh.memcached.RealMemcached;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The memcached benchmark, with our memcached and with whatever memcached this machine has. */
class MemcachedBenchTest {
  private static final Set<String> OURS =
      Set.of("ram.overhead.bytes.per.item", "tcp25.throughput.ratio", "mcd-cl.hybrid.vs.best");

  private static final Set<String> WITH_REAL =
      Set.of("get.throughput.ratio", "get.pipelined.throughput.ratio", "get.p99.ratio");

  private static final Set<String> WITH_EXTSTORE =
      Set.of("shm25.vs.extstore.throughput.ratio", "shm25.vs.extstore.p99.ratio");

  @Test
  void itYieldsItsFigures() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Set<String> figures = Benchmarks.smoke("memcached", out);
    Set<String> missing = new HashSet<>(OURS);
    if (RealMemcached.version().isPresent()) {
      missing.addAll(WITH_REAL);
    } else {
      assertTrue(printed.toString(StandardCharsets.UTF_8).contains("no memcached here"));
    }
    if (RealMemcached.hasExtstore()) {
      missing.addAll(WITH_EXTSTORE);
    }
    missing.removeAll(figures);
    assertEquals(Set.of(), missing, () -> printed.toString(StandardCharsets.UTF_8));
  }
}
