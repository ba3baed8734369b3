/**
 * Benchmarks of the heap.
 *
 * <p>JMH and HdrHistogram have no module descriptor of their own, and the module named in the
 * export is compiled after this one, hence the suppressed warnings.
 */
@SuppressWarnings({"module", "requires-automatic"})
module io.farheap.jmh {
  requires HdrHistogram;
  requires com.google.gson;
  requires io.farheap.allocator;
  requires io.farheap.base;
  requires io.farheap.runtime;
  requires io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.management;
  requires jdk.management;
  requires jmh.core;

  exports io.farheap.jmh;
  exports io.farheap.jmh.load to
      io.farheap.apps;
  exports io.farheap.jmh.memcached to
      io.farheap.apps;
}
