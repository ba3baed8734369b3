package io.farheap.apps.memcached.store;

/** Takes items that were found. */
@FunctionalInterface
public interface ItemSink {
  /**
   * Takes an item. Called at most once an operation, inside a scope: it may not block, nor call the
   * store. It has the value copied by {@link ItemInfo#copyValueTo}, as soon as it returns.
   *
   * @param info what is known of the item; valid during the call
   */
  void found(ItemInfo info);
}
