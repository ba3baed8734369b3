package io.farheap.server;

/**
 * A slab that is allocated to a lease.
 *
 * @param id its id, never used again
 * @param allocation the client's own number for it
 * @param lease whose it is
 * @param memory where its bytes are
 */
record Slab(long id, long allocation, Lease lease, SlabMemory memory) {}
