/**
 * Moves opaque bytes to and from memory servers.
 *
 * <p>The modules named in the exports are compiled after this one, hence the suppressed warnings.
 */
@SuppressWarnings("module")
module io.farheap.transport {
  requires transitive io.farheap.base;
  requires org.jctools.core;
  requires org.slf4j;

  exports io.farheap.transport;
  exports io.farheap.transport.security;
  exports io.farheap.transport.tcp;
  exports io.farheap.transport.wire;
  exports io.farheap.transport.memory to
      io.farheap.rdma,
      io.farheap.server;
  exports io.farheap.transport.session to
      io.farheap.rdma;
  exports io.farheap.transport.slab to
      io.farheap.rdma;

  uses io.farheap.transport.TransportProvider;

  provides io.farheap.transport.TransportProvider with
      io.farheap.transport.embedded.EmbeddedProvider,
      io.farheap.transport.pool.PoolProvider,
      io.farheap.transport.shm.ShmProvider,
      io.farheap.transport.tcp.TcpProvider;
}
