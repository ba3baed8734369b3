/**
 * What every module stands on.
 *
 * <p>The modules named in the exports are compiled after this one, so javac cannot see them yet.
 */
@SuppressWarnings("module")
module io.farheap.base {
  requires org.slf4j;

  exports io.farheap.base.agent to
      io.farheap.evacuator,
      io.farheap.runtime,
      io.farheap.transport;
  exports io.farheap.base.memory to
      io.farheap.allocator,
      io.farheap.apps,
      io.farheap.evacuator,
      io.farheap.jmh,
      io.farheap.rdma,
      io.farheap.runtime,
      io.farheap.server,
      io.farheap.testing,
      io.farheap.transport;
  exports io.farheap.base.settings;
  exports io.farheap.base.text to
      io.farheap.apps,
      io.farheap.runtime,
      io.farheap.server,
      io.farheap.transport;
}
