package io.farheap.transport;

/**
 * What a provider has done since it was opened: a snapshot whose counters may each be a few
 * transfers apart while transfers are running, and are exact when none is.
 *
 * @param slabsAllocated slabs allocated now
 * @param slabCapacity most slabs that can be allocated at once
 * @param bytesAllocated bytes in the slabs allocated now
 * @param reads reads carried out
 * @param writes writes carried out
 * @param bytesRead bytes copied from far memory
 * @param bytesWritten bytes copied to far memory
 */
public record FarMemoryStatistics(
    long slabsAllocated,
    long slabCapacity,
    long bytesAllocated,
    long reads,
    long writes,
    long bytesRead,
    long bytesWritten) {}
