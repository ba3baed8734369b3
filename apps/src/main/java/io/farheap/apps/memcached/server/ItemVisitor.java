package io.farheap.apps.memcached.server;

/** Looks at an item while it stays in place. */
@FunctionalInterface
public interface ItemVisitor {
  /**
   * Looks at an item, quickly, and does not use the cache meanwhile.
   *
   * @param item valid until this returns
   */
  void visit(ItemView item);
}
