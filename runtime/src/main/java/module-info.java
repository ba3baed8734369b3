/**
 * Far memory for the JVM.
 *
 * <p>HdrHistogram has no module descriptor of its own, hence the suppressed warning.
 */
@SuppressWarnings({"module", "requires-automatic"})
module io.farheap.runtime {
  requires transitive io.farheap.transport;
  requires HdrHistogram;
  requires io.farheap.allocator;
  requires io.farheap.base;
  requires io.farheap.evacuator;
  requires jdk.jfr;
  requires org.slf4j;

  exports io.farheap;
  exports io.farheap.error;
  exports io.farheap.index;
  exports io.farheap.layout;
  exports io.farheap.options;
  exports io.farheap.stats;
}
