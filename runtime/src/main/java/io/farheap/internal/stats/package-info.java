/** Counts, times and levels of one heap, as the core writes them. */
package io.farheap.internal.stats;
