/**
 * Benchmarks of the heap.
 *
 * <p>JMH has no module descriptor of its own, hence the suppressed warning.
 */
@SuppressWarnings("requires-automatic")
module io.farheap.jmh {
  requires com.google.gson;
  requires io.farheap.allocator;
  requires io.farheap.evacuator;
  requires io.farheap.runtime;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires org.slf4j;

  exports io.farheap.jmh;
}
