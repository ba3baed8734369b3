package io.farheap.evacuator;

/**
 * A segment to clean.
 *
 * @param segment its number
 * @param rule name of the rule that chose it
 * @param localOnly whether only its local pages are emptied
 */
public record CleaningJob(int segment, String rule, boolean localOnly) {}
