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
 * One random object of many after the other: its place from a table, then its first word, which has
 * a say in which object comes next, as in a walk over lists, trees or hash chains. All methods are
 * the same loop around another table, and take the same walk.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(HotDerefJmh.BATCH)
public class HotDerefJmh {
  /** Dereferences in one invocation, and in one scope. */
  public static final int BATCH = 1024;

  /** Made by JMH. */
  public HotDerefJmh() {}

  /** The objects and the walk over them. */
  @State(Scope.Benchmark)
  public static class Walk {
    /** Which objects. */
    @Param({HotCells.L2, HotCells.DRAM})
    public String workingSet;

    HotCells cells;
    long position;
    int shift;

    /** Made by JMH. */
    public Walk() {}

    /** Finds the objects, which outlive this run. */
    @Setup
    public void open() {
      cells = HotCells.named(workingSet);
      shift = Long.numberOfLeadingZeros(cells.handles.length - 1L);
    }
  }

  /** Where the walk goes on after a value was read. */
  private static long next(long position, long value) {
    return (position + value) * 0x9E37_79B9_7F4A_7C15L + 0xD6E8_FEB8_6659_FD93L;
  }

  /** Baseline: a table of raw addresses. */
  @Benchmark
  public long raw(Walk walk) {
    long[] rawAddresses = walk.cells.rawAddresses;
    int shift = walk.shift;
    long position = walk.position;
    for (int i = 0; i < BATCH; i++) {
      position = next(position, NativeMemory.getLong(rawAddresses[(int) (position >>> shift)]));
    }
    walk.position = position;
    return position;
  }

  /** A table of handles, dereferenced in a scope. */
  @Benchmark
  public long scoped(Walk walk) {
    FarHeap heap = walk.cells.heap;
    Handles handles = heap.handles();
    long[] table = walk.cells.handles;
    int shift = walk.shift;
    long position = walk.position;
    try (DerefScope scope = heap.enter()) {
      for (int i = 0; i < BATCH; i++) {
        long handle = table[(int) (position >>> shift)];
        position = next(position, handles.deref(scope, handle).get(JAVA_LONG_UNALIGNED, 0));
      }
    }
    walk.position = position;
    return position;
  }

  /** A table of handles, read without a scope. */
  @Benchmark
  public long optimistic(Walk walk) {
    Handles handles = walk.cells.heap.handles();
    long[] table = walk.cells.handles;
    int shift = walk.shift;
    long position = walk.position;
    for (int i = 0; i < BATCH; i++) {
      position = next(position, handles.getLong(table[(int) (position >>> shift)], 0));
    }
    walk.position = position;
    return position;
  }

  /** Baseline of pointers: a table of Java objects that hold raw addresses. */
  @Benchmark
  public long holder(Walk walk) {
    HotCells.Holder[] holders = walk.cells.holders;
    int shift = walk.shift;
    long position = walk.position;
    for (int i = 0; i < BATCH; i++) {
      HotCells.Holder holder = holders[(int) (position >>> shift)];
      position = next(position, NativeMemory.getLong(holder.rawAddress));
    }
    walk.position = position;
    return position;
  }

  /** A table of pointers, one component read without a scope. */
  @Benchmark
  public long typed(Walk walk) {
    UniquePtr<HotCells.Cell>[] pointers = walk.cells.pointers;
    LongField<HotCells.Cell> key = HotCells.KEY;
    int shift = walk.shift;
    long position = walk.position;
    for (int i = 0; i < BATCH; i++) {
      position = next(position, pointers[(int) (position >>> shift)].get(key));
    }
    walk.position = position;
    return position;
  }
}
