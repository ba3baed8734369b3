package io.farheap.jmh.zipf;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Every word of a popular object after the other. One invocation reads all the picks of a run, so
 * that every subject reads the same ones.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ZipfJmh {
  /** Reads in one call: few enough to compile as a loop of its own, too many for calls to count. */
  private static final int BATCH = 4096;

  /** Made by JMH. */
  public ZipfJmh() {}

  /** The table in plain memory. */
  @State(Scope.Benchmark)
  public static class RawTable {
    private ZipfData data;

    /** Made by JMH. */
    public RawTable() {}

    /** Finds the table, which outlives this run. */
    @Setup
    public void open() {
      data = ZipfData.shared();
    }
  }

  /** A heap. */
  @State(Scope.Benchmark)
  public static class FarTable {
    /** Local share of the data, in percent. */
    @Param({"100", "75", "50", "25"})
    public int localPercent;

    private int[] picks;
    private ZipfTable.Far table;

    /** Made by JMH. */
    public FarTable() {}

    /** Finds the heap, which outlives this run. */
    @Setup
    public void open() {
      picks = ZipfData.shared().picks();
      table = ZipfData.shared().far(localPercent);
    }
  }

  /** Baseline: through a table of raw addresses. */
  @Benchmark
  public void raw(RawTable state) {
    readAll(state.data.raw(), state.data.picks());
  }

  /** Through a table of handles, in scopes. */
  @Benchmark
  public void far(FarTable state) {
    readAll(state.table, state.picks);
  }

  /**
   * Reads all picks.
   *
   * @throws IllegalStateException if an object held wrong bytes
   */
  static void readAll(ZipfTable table, int[] picks) {
    long wrong = 0;
    for (int from = 0; from < picks.length; from += BATCH) {
      wrong += table.read(picks, from, Math.min(picks.length, from + BATCH));
    }
    if (wrong > 0) {
      throw new IllegalStateException(
          wrong + " of " + picks.length + " objects read held bytes that are not theirs");
    }
  }
}
