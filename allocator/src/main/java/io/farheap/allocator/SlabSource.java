package io.farheap.allocator;

/** Where the segment table gets far memory from, one slab at a time. */
@FunctionalInterface
public interface SlabSource {
  /**
   * Makes a slab of far address space usable. May take a network trip; never called under a lock
   * that an application thread can want inside a scope.
   *
   * @param slabIndex slab of far address space, counted from 0
   * @return false if far memory has no room for another slab
   */
  boolean addSlab(int slabIndex);
}
