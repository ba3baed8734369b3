package io.farheap.apps.memcached;

import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.options.Mode;
import java.util.Optional;

/**
 * How the program is set up.
 *
 * @param server how it serves
 * @param localBytes local budget of the heap
 * @param farBytes what the heap holds, local items included
 * @param locator memory servers; far memory is in this process if empty
 * @param mode which ways misses take
 * @param evicting whether items make room for others; otherwise a full cache refuses new ones
 */
public record MemcachedSettings(
    CacheConfig server,
    long localBytes,
    long farBytes,
    Optional<String> locator,
    Mode mode,
    boolean evicting) {}
