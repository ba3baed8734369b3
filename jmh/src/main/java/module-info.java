/**
 * Benchmarks of the heap.
 *
 * <p>JMH and HdrHistogram have no module descriptors of their own, hence the suppressed warning.
 */
@SuppressWarnings("requires-automatic")
module io.farheap.jmh {
  requires HdrHistogram;
  requires io.farheap.allocator;
  requires io.farheap.evacuator;
  requires io.farheap.runtime;
  requires jmh.core;
  requires org.slf4j;

  exports io.farheap.jmh;
}
