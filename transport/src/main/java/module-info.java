/** Moves opaque bytes to and from memory servers. */
module io.farheap.transport {
  requires org.jctools.core;
  requires org.slf4j;

  exports io.farheap.transport;
  exports io.farheap.transport.embedded;
  exports io.farheap.transport.faulty;
  exports io.farheap.transport.wire;

  uses io.farheap.transport.TransportProvider;

  provides io.farheap.transport.TransportProvider with
      io.farheap.transport.embedded.EmbeddedProvider,
      io.farheap.transport.faulty.FaultyProvider;
}
