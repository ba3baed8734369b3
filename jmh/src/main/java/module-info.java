/**
 * Benchmarks of the heap.
 *
 * <p>JMH and HdrHistogram have no module descriptor of their own, hence the suppressed warning.
 */
@SuppressWarnings("requires-automatic")
module io.farheap.jmh {
  requires HdrHistogram;
  requires com.google.gson;
  requires info.picocli;
  requires io.farheap.allocator;
  requires io.farheap.base;
  requires io.farheap.apps;
  requires io.farheap.runtime;
  requires io.farheap.server;
  requires io.farheap.testing;
  requires io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.management;
  requires jdk.management;
  requires jmh.core;

  opens io.farheap.jmh to
      info.picocli;
}
