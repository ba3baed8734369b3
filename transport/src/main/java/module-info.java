/** Moves opaque bytes to and from memory servers. */
module io.farheap.transport {
  requires org.jctools.core;
  requires org.slf4j;

  exports io.farheap.transport;
  exports io.farheap.transport.embedded;
  exports io.farheap.transport.faulty;
}
