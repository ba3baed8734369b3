package io.farheap.server;

import io.farheap.transport.FarMemoryFullException;

/**
 * Where a server has the bytes of its slabs. All methods may be called by any thread. The caller
 * never has more slabs than the server's capacity, and touches none that it has given back.
 */
public interface SlabBacking extends AutoCloseable {

  /**
   * Bytes for a new slab.
   *
   * @param lease number of the lease that the slab is for; unique in the life of the server
   * @return zeroed memory that nobody else can reach
   * @throws FarMemoryFullException if the system has no room left
   */
  SlabMemory take(long lease);

  /**
   * Takes bytes back.
   *
   * @param memory what {@link #take} gave
   */
  void giveBack(SlabMemory memory);

  /**
   * A lease is over, and all its memory was given back.
   *
   * @param lease number of the lease
   */
  default void leaseEnded(long lease) {}

  /** Gives all memory back to the system. */
  @Override
  void close();
}
