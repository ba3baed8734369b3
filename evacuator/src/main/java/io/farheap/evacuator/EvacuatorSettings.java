package io.farheap.evacuator;

/**
 * How much the evacuator does.
 *
 * @param policy which segments it cleans
 * @param cpuShare share of one processor that it may use, 0 to 1
 * @param bytesPerSecond bytes that it may read from far memory in a second
 */
public record EvacuatorSettings(CleaningPolicy policy, double cpuShare, long bytesPerSecond) {}
