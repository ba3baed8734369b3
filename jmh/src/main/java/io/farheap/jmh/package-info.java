/** Benchmarks, each interleaved with its baseline, and the figures they report. */
package io.farheap.jmh;
