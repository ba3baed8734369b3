/**
 * The command line of Farheap.
 *
 * <p>HdrHistogram has no module descriptor of its own, and the module named in the exports is
 * compiled after this one, hence the suppressed warnings.
 */
@SuppressWarnings({"module", "requires-automatic"})
module io.farheap.apps {
  requires HdrHistogram;
  requires com.google.gson;
  requires info.picocli;
  requires io.farheap.base;
  requires io.farheap.rdma;
  requires io.farheap.runtime;
  requires io.farheap.server;
  requires io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.management;
  requires org.slf4j;

  exports io.farheap.apps.cli to
      io.farheap.jmh;
  exports io.farheap.apps.load to
      io.farheap.jmh;
  exports io.farheap.apps.random to
      io.farheap.jmh;

  opens io.farheap.apps.cli to
      info.picocli;
}
