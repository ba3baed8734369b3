package io.farheap.jmh.hit;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.UniquePtr;
import io.farheap.base.memory.NativeMemory;
import io.farheap.layout.Length;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.options.HeapOptions;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * 256-byte objects that are all local, and every table that leads to them: raw addresses, Java
 * objects with raw addresses, handles and pointers. Their number is a power of two.
 *
 * <p>A pool per name is shared by all JMH runs of this JVM, so that they read the same bytes.
 */
public final class HotCells implements AutoCloseable {
  /** Objects whose bytes fit an L2 cache: 256 KiB. */
  public static final String L2 = "l2";

  /** Objects whose bytes fit no cache: 1 GiB. */
  public static final String DRAM = "dram";

  /** Number of objects that fit an L2 cache. */
  static final int L2_CELLS = 1 << 10;

  /** Number of objects that fit no cache. */
  static final int DRAM_CELLS = 1 << 22;

  /** The first component. */
  static final LongField<Cell> KEY = RecordLayout.of(Cell.class).longField("key");

  private static final int REST_WORDS = 31;

  /** A raw address reads wrongly once its page moves: nothing may move while we measure. */
  private static final int ROOM = 64 << 20;

  private static final Map<String, HotCells> POOLS = new ConcurrentHashMap<>();

  final FarHeap heap;
  final long[] rawAddresses;
  final Holder[] holders;
  final long[] handles;
  final UniquePtr<Cell>[] pointers;
  private final String name;

  /**
   * The object: 256 bytes.
   *
   * @param key its index
   * @param rest the other words
   */
  @SuppressWarnings("ArrayRecordComponent") // the way to say that an object is large
  public record Cell(long key, @Length(REST_WORDS) long[] rest) {}

  /** A Java object that holds a raw address: what a typed pointer is compared with. */
  static final class Holder {
    final long rawAddress;

    Holder(long rawAddress) {
      this.rawAddress = rawAddress;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private HotCells(String name, int count) {
    this.name = name;
    // A quarter more than the cells take, headers and page ends included.
    long localBytes = (long) count * RecordLayout.of(Cell.class).lengthBytes() * 5 / 4 + ROOM;
    this.heap =
        FarHeap.open(
            HeapOptions.builder()
                .localMemoryBytes(localBytes & -ROOM)
                .farMemoryBytes(localBytes & -ROOM)
                .build());
    this.rawAddresses = new long[count];
    this.holders = new Holder[count];
    this.handles = new long[count];
    this.pointers = new UniquePtr[count];
    boolean filled = false;
    try {
      fill();
      filled = true;
    } finally {
      if (!filled) {
        heap.close();
      }
    }
  }

  private void fill() {
    long[] rest = new long[REST_WORDS];
    for (int i = 0; i < pointers.length; i++) {
      pointers[i] = heap.allocate(new Cell(i, rest));
      handles[i] = pointers[i].handle();
    }
    for (int i = 0; i < pointers.length; i++) {
      try (DerefScope scope = heap.enter()) {
        rawAddresses[i] = pointers[i].deref(scope).address();
        holders[i] = new Holder(rawAddresses[i]);
      }
    }
    check();
  }

  /**
   * The pool with a name; made at the first call.
   *
   * @param name {@link #L2} or {@link #DRAM}
   */
  static HotCells named(String name) {
    return named(name, name.equals(L2) ? L2_CELLS : DRAM_CELLS);
  }

  /** The pool with a name; made with so many objects at the first call. */
  static HotCells named(String name, int count) {
    return POOLS.computeIfAbsent(name, n -> new HotCells(n, count));
  }

  /**
   * Compares what all ways read of every object, and that none of them ever was anywhere else.
   *
   * @throws IllegalStateException if they differ, or something was fetched or went out
   */
  void check() {
    for (int i = 0; i < pointers.length; i++) {
      long raw = NativeMemory.getLong(holders[i].rawAddress);
      long scoped;
      try (DerefScope scope = heap.enter()) {
        scoped = heap.handles().deref(scope, handles[i]).get(JAVA_LONG_UNALIGNED, 0);
      }
      if (raw != i || scoped != i || pointers[i].get(KEY) != i) {
        throw new IllegalStateException(
            "object " + i + " of " + name + " reads as " + raw + " raw and " + scoped + " scoped");
      }
    }
    HeapStats stats = heap.stats();
    if (stats.misses() + stats.count(Counter.PAGES_OUT) + stats.count(Counter.FRAMES_MOVED) > 0) {
      throw new IllegalStateException("objects of " + name + " moved:\n" + stats.describe());
    }
  }

  String name() {
    return name;
  }

  /** Frees everything; the next call for the name makes a new pool. */
  @Override
  public void close() {
    POOLS.remove(name, this);
    heap.close();
  }
}
