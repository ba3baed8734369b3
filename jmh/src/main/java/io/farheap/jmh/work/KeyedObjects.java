package io.farheap.jmh.work;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.allocator.ObjectHeader;
import io.farheap.stats.Gauge;
import java.lang.foreign.MemorySegment;

/**
 * The objects of a workload in a heap. What each must hold follows from key, generation and number
 * of updates, and every read compares.
 */
public final class KeyedObjects implements AutoCloseable {
  private static final int OPERATIONS_IN_A_SCOPE = 64;
  private static final long KEY_ODD = 0x9E37_79B9_7F4A_7C15L;
  private static final long GENERATION_ODD = 0xD1B5_4A32_D192_ED03L;
  private static final long UPDATE_ODD = 0x8CB9_2BA7_2F3D_8DD7L;

  private final FarHeap heap;
  private final Handles access;
  private final Workload workload;
  private final long[] handles;
  private final int[] generations;
  private final int[] updates;
  private long liveBytes;
  private long allocatedBytes;

  /** Takes a heap over; it is empty until {@link #fill}. */
  public KeyedObjects(FarHeap heap, Workload workload) {
    this.heap = heap;
    this.access = heap.handles();
    this.workload = workload;
    this.handles = new long[workload.keys()];
    this.generations = new int[workload.keys()];
    this.updates = new int[workload.keys()];
  }

  /** Bytes of all first objects with their headers, as the log rounds them up. */
  public static long footprintBytes(Workload workload) {
    long sum = 0;
    for (int key = 0; key < workload.keys(); key++) {
      sum += ObjectHeader.footprint(workload.bytes(key, 0));
    }
    return sum;
  }

  /** Allocates every key's first object. */
  public void fill() {
    for (int first = 0; first < handles.length; first += OPERATIONS_IN_A_SCOPE) {
      int end = Math.min(handles.length, first + OPERATIONS_IN_A_SCOPE);
      try (DerefScope scope = heap.enter()) {
        for (int i = first; i < end; i++) {
          allocate(scope, i);
        }
      }
    }
  }

  /**
   * Reads every object.
   *
   * @throws IllegalStateException if one held wrong bytes
   */
  public void verify() {
    int[] operations = new int[OPERATIONS_IN_A_SCOPE];
    for (int first = 0; first < handles.length; first += operations.length) {
      int end = Math.min(handles.length, first + operations.length);
      for (int key = first; key < end; key++) {
        operations[key - first] = Operations.of(Operations.READ, key);
      }
      play(operations, 0, end - first);
    }
  }

  /**
   * Does operations.
   *
   * @throws IllegalStateException if an object held wrong bytes
   */
  public void play(int[] operations) {
    play(operations, 0, operations.length);
  }

  /** Does some of the operations, otherwise as {@link #play(int[])}. */
  public void play(int[] operations, int from, int to) {
    long wrong = 0;
    for (int first = from; first < to; first += OPERATIONS_IN_A_SCOPE) {
      try (DerefScope scope = heap.enter()) {
        wrong += play(scope, operations, first, Math.min(to, first + OPERATIONS_IN_A_SCOPE));
      }
    }
    refuse(wrong, to - from);
  }

  private static void refuse(long wrong, int operations) {
    if (wrong > 0) {
      throw new IllegalStateException(
          wrong + " of " + operations + " objects read held bytes that are not theirs");
    }
  }

  private long play(DerefScope scope, int[] operations, int from, int to) {
    long wrong = 0;
    for (int i = from; i < to; i++) {
      wrong += play(scope, operations[i]);
    }
    return wrong;
  }

  private long play(DerefScope scope, int operation) {
    int key = Operations.key(operation);
    return switch (Operations.kind(operation)) {
      case Operations.READ -> read(scope, key);
      case Operations.UPDATE -> update(scope, key);
      default -> replace(scope, key);
    };
  }

  /**
   * Does operations, each with a clock's reading before and after; the first of a scope has to open
   * it.
   *
   * @param nanos gets the time of each
   * @throws IllegalStateException if an object held wrong bytes
   */
  public void playTimed(int[] operations, long[] nanos) {
    long wrong = 0;
    long last = System.nanoTime();
    for (int first = 0; first < operations.length; first += OPERATIONS_IN_A_SCOPE) {
      int end = Math.min(operations.length, first + OPERATIONS_IN_A_SCOPE);
      try (DerefScope scope = heap.enter()) {
        for (int i = first; i < end; i++) {
          wrong += play(scope, operations[i]);
          long now = System.nanoTime();
          nanos[i] = now - last;
          last = now;
        }
      }
    }
    refuse(wrong, operations.length);
  }

  private long read(DerefScope scope, int key) {
    MemorySegment bytes = access.deref(scope, handles[key]);
    return sum(bytes) == expected(key) ? 0 : 1;
  }

  private long update(DerefScope scope, int key) {
    MemorySegment bytes = access.derefMut(scope, handles[key]);
    long wrong = sum(bytes) == expected(key) ? 0 : 1;
    bytes.set(JAVA_LONG_UNALIGNED, 0, bytes.get(JAVA_LONG_UNALIGNED, 0) + UPDATE_ODD);
    updates[key]++;
    return wrong;
  }

  private long replace(DerefScope scope, int key) {
    access.free(handles[key]);
    liveBytes -= ObjectHeader.BYTES + workload.bytes(key, generations[key]);
    generations[key]++;
    allocate(scope, key);
    return 0;
  }

  private void allocate(DerefScope scope, int key) {
    int lengthBytes = workload.bytes(key, generations[key]);
    handles[key] = access.allocate(lengthBytes);
    updates[key] = 0;
    long rest = expected(key);
    long seed = rest;
    MemorySegment bytes = access.derefMut(scope, handles[key]);
    int last = lengthBytes - Long.BYTES;
    for (int offset = 0; offset < last; offset += Long.BYTES) {
      long word = seed ^ (offset + 1) * KEY_ODD;
      bytes.set(JAVA_LONG_UNALIGNED, offset, word);
      rest -= word;
    }
    bytes.set(JAVA_LONG_UNALIGNED, last, rest);
    liveBytes += ObjectHeader.BYTES + lengthBytes;
    allocatedBytes += ObjectHeader.BYTES + lengthBytes;
  }

  private static long sum(MemorySegment bytes) {
    long sum = 0;
    long lengthBytes = bytes.byteSize();
    for (long offset = 0; offset < lengthBytes; offset += Long.BYTES) {
      sum += bytes.get(JAVA_LONG_UNALIGNED, offset);
    }
    return sum;
  }

  private long expected(int key) {
    return (key + 1) * KEY_ODD + generations[key] * GENERATION_ODD + updates[key] * UPDATE_ODD;
  }

  /** Where the objects are. */
  public FarHeap heap() {
    return heap;
  }

  /** The handle of a key's object. */
  long handle(int key) {
    return handles[key];
  }

  /** Payload and headers of what lives. */
  public long liveBytes() {
    return liveBytes;
  }

  /** Payload and headers of all that was ever allocated. */
  public long allocatedBytes() {
    return allocatedBytes;
  }

  /** Far space in use for one byte of live objects, payload and headers. */
  public double farTotalPerLive() {
    return (double) heap.stats().level(Gauge.FAR_BYTES_TOTAL) / liveBytes;
  }

  @Override
  public void close() {
    heap.close();
  }
}
