/**
 * The structures of the heap.
 *
 * <p>The modules named in the exports are compiled after this one, so javac cannot see them yet.
 */
@SuppressWarnings("module")
module io.farheap.allocator {
  requires transitive io.farheap.base;

  exports io.farheap.allocator to
      io.farheap.evacuator,
      io.farheap.runtime,
      io.farheap.jmh;
}
