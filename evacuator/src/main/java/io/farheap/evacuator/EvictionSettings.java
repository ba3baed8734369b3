package io.farheap.evacuator;

/**
 * How pages are chosen to go out, and what is noted of them.
 *
 * @param watermarks when eviction starts and stops
 * @param paths which path a page is to come in by
 * @param regrouping whether the accessed objects of a page that goes out are kept
 * @param cards whether cards say how much of a page was touched, rather than access bits alone
 * @param compaction whether an evacuator frees what the object path leaves behind
 */
public record EvictionSettings(
    Watermarks watermarks,
    PathPolicy paths,
    boolean regrouping,
    boolean cards,
    boolean compaction) {}
