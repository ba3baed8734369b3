/**
 * The provider {@code rdma:}: a memory server's slabs by one-sided reads and writes of a device.
 *
 * <p>DiSNI has no module descriptor of its own, and the modules named in the exports are compiled
 * after this one, hence the suppressed warnings.
 */
@SuppressWarnings({"module", "requires-automatic"})
module io.farheap.rdma {
  requires disni;
  requires io.farheap.base;
  requires transitive io.farheap.transport;
  requires org.slf4j;

  exports io.farheap.rdma.fabric to
      io.farheap.server;
  exports io.farheap.rdma.verbs to
      io.farheap.apps;

  provides io.farheap.transport.TransportProvider with
      io.farheap.rdma.RdmaProvider;
}
