/**
 * Moves opaque bytes to and from memory servers.
 *
 * <p>DiSNI has no module descriptor of its own, hence the suppressed warnings.
 */
@SuppressWarnings({"module", "requires-automatic"})
module io.farheap.transport {
  requires transitive io.farheap.base;
  requires disni;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.naming;
  requires org.jctools.core;
  requires org.slf4j;

  exports io.farheap.transport;
  exports io.farheap.transport.security;
  exports io.farheap.transport.server;
  exports io.farheap.transport.tcp;
  exports io.farheap.transport.wire;
  exports io.farheap.transport.rdma.verbs to
      io.farheap.apps;

  uses io.farheap.transport.TransportProvider;

  provides io.farheap.transport.TransportProvider with
      io.farheap.transport.embedded.EmbeddedProvider,
      io.farheap.transport.pool.PoolProvider,
      io.farheap.transport.rdma.RdmaProvider,
      io.farheap.transport.shm.ShmProvider,
      io.farheap.transport.tcp.TcpProvider;
}
