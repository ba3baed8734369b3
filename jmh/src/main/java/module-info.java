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
  requires io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires org.slf4j;

  exports io.farheap.jmh;
}
