package io.farheap.jmh.evacuation;

import io.farheap.FarHeap;
import io.farheap.UniquePtr;
import io.farheap.allocator.ObjectHeader;
import io.farheap.jmh.work.FarHeaps;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Bytes of the garbage-collected heap that far objects cost, found by collecting and comparing. */
final class JavaHeapCost {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
  private static final int COLLECTIONS = 3;
  private static final int OBJECT_BYTES = 256;
  private static final int LOCAL_PERCENT = 25;
  private static final int FAR_SHARE = 4;

  private JavaHeapCost() {}

  /** For one object whose handle is kept in an array; the array and the heap's own are counted. */
  static double ofHandles(int objects) {
    long before = usedBytes();
    try (FarHeap heap = open(objects)) {
      long[] handles = new long[objects];
      for (int i = 0; i < objects; i++) {
        handles[i] = heap.handles().allocate(OBJECT_BYTES);
      }
      double cost = (double) (usedBytes() - before) / objects;
      for (long handle : handles) { // and keeps the array until here
        heap.handles().free(handle);
      }
      return Math.max(0, cost);
    }
  }

  /** For one object that is held by a pointer in an array, likewise. */
  static double ofPointers(int objects) {
    long before = usedBytes();
    try (FarHeap heap = open(objects)) {
      UniquePtr<?>[] pointers = new UniquePtr<?>[objects];
      for (int i = 0; i < objects; i++) {
        pointers[i] = heap.allocateBytes(OBJECT_BYTES);
      }
      double cost = (double) (usedBytes() - before) / objects;
      for (UniquePtr<?> pointer : pointers) {
        pointer.close();
      }
      return Math.max(0, cost);
    }
  }

  private static FarHeap open(int objects) {
    long footprintBytes = (long) objects * ObjectHeader.footprint(OBJECT_BYTES);
    return FarHeap.open(
        FarHeaps.options(footprintBytes, LOCAL_PERCENT, FAR_SHARE, FarHeaps.NEAR).build());
  }

  /** What is reachable: collected until no less is in use. */
  private static long usedBytes() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      used = Math.min(used, MEMORY.getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}
