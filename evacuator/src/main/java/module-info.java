/**
 * The background work on the heap.
 *
 * <p>The modules named in the exports are compiled after this one, so javac cannot see them yet.
 */
@SuppressWarnings("module")
module io.farheap.evacuator {
  requires transitive io.farheap.base;
  requires io.farheap.allocator;
  requires org.jctools.core;
  requires org.slf4j;

  exports io.farheap.evacuator to
      io.farheap.runtime;
}
