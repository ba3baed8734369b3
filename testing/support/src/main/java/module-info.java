/** What tests of several modules share; nothing that is shipped requires it. */
module io.farheap.testing {
  requires transitive io.farheap.transport;
  requires io.farheap.base;

  exports io.farheap.testing.faulty;
  exports io.farheap.testing.process;

  provides io.farheap.transport.TransportProvider with
      io.farheap.testing.faulty.FaultyProvider;
}
