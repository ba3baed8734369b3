package io.farheap.testing.faulty;

/**
 * How often a {@link FaultyMemory} has misbehaved.
 *
 * @param delayed transfers delayed
 * @param reordered transfers held for carrying out in random order
 * @param failed transfers failed
 * @param dropped transfers dropped
 * @param refusedSlabs allocations refused
 */
public record FaultCounts(
    long delayed, long reordered, long failed, long dropped, long refusedSlabs) {}
