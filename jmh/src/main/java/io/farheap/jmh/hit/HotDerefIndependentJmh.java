package io.farheap.jmh.hit;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.UniquePtr;
import io.farheap.base.memory.NativeMemory;
import io.farheap.layout.LongField;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * As {@link HotDerefJmh}, but which object comes next does not depend on what was read, so that a
 * processor overlaps as many reads as it can keep in flight: throughput rather than latency.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(HotDerefIndependentJmh.BATCH)
public class HotDerefIndependentJmh {
  /** Dereferences in one invocation, and in one scope. */
  public static final int BATCH = 1024;

  /** Made by JMH. */
  public HotDerefIndependentJmh() {}

  /** The objects and the walk over them. */
  @State(Scope.Benchmark)
  public static class Walk {
    /** Which objects. */
    @Param({HotCells.L2, HotCells.DRAM})
    public String workingSet;

    HotCells cells;
    private long position;
    private int shift;

    /** Made by JMH. */
    public Walk() {}

    /** Finds the objects, which outlive this run. */
    @Setup
    public void open() {
      cells = HotCells.named(workingSet);
      shift = Long.numberOfLeadingZeros(cells.handles.length - 1L);
    }

    /** First step of the next batch. */
    long nextBatch() {
      long first = position;
      position = first + BATCH;
      return first;
    }
  }

  /**
   * The object at a step of the walk: a mixer of the step's number. It is no chain from step to
   * step, whose latency would hide what is measured, and no table, which would take cache.
   */
  private static int index(long step, int shift) {
    long mixed = step * 0x9E37_79B9_7F4A_7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
    return (int) (mixed >>> shift);
  }

  /** Baseline: a table of raw addresses. */
  @Benchmark
  public long raw(Walk walk) {
    long[] rawAddresses = walk.cells.rawAddresses;
    int shift = walk.shift;
    long first = walk.nextBatch();
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      sum += NativeMemory.getLong(rawAddresses[index(first + i, shift)]);
    }
    return sum;
  }

  /** A table of handles, dereferenced in a scope. */
  @Benchmark
  public long scoped(Walk walk) {
    FarHeap heap = walk.cells.heap;
    Handles handles = heap.handles();
    long[] table = walk.cells.handles;
    int shift = walk.shift;
    long first = walk.nextBatch();
    long sum = 0;
    try (DerefScope scope = heap.enter()) {
      for (int i = 0; i < BATCH; i++) {
        sum += handles.deref(scope, table[index(first + i, shift)]).get(JAVA_LONG_UNALIGNED, 0);
      }
    }
    return sum;
  }

  /** A table of handles, read without a scope. */
  @Benchmark
  public long optimistic(Walk walk) {
    Handles handles = walk.cells.heap.handles();
    long[] table = walk.cells.handles;
    int shift = walk.shift;
    long first = walk.nextBatch();
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      sum += handles.getLong(table[index(first + i, shift)], 0);
    }
    return sum;
  }

  /** Baseline of pointers: a table of Java objects that hold raw addresses. */
  @Benchmark
  public long holder(Walk walk) {
    HotCells.Holder[] holders = walk.cells.holders;
    int shift = walk.shift;
    long first = walk.nextBatch();
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      sum += NativeMemory.getLong(holders[index(first + i, shift)].rawAddress);
    }
    return sum;
  }

  /** A table of pointers, one component read without a scope. */
  @Benchmark
  public long typed(Walk walk) {
    UniquePtr<HotCells.Cell>[] pointers = walk.cells.pointers;
    LongField<HotCells.Cell> key = HotCells.KEY;
    int shift = walk.shift;
    long first = walk.nextBatch();
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      sum += pointers[index(first + i, shift)].get(key);
    }
    return sum;
  }
}
