/**
 * The command line of Farheap.
 *
 * <p>HdrHistogram has no module descriptor of its own, hence the suppressed warning.
 */
@SuppressWarnings("requires-automatic")
module io.farheap.apps {
  requires HdrHistogram;
  requires com.google.gson;
  requires info.picocli;
  requires io.farheap.jmh;
  requires io.farheap.base;
  requires io.farheap.runtime;
  requires io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires org.slf4j;

  opens io.farheap.apps to
      info.picocli;
}
