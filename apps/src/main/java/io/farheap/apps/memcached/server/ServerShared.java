package io.farheap.apps.memcached.server;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.store.ItemStore;

/** What all connections share. */
final class ServerShared {
  private final CacheConfig config;
  private final ItemStore store;
  private final MissFetcher misses;
  private final Clients clients = new Clients();
  private final Counts counts = new Counts();
  private final Stats stats;

  ServerShared(CacheConfig config, FarHeap heap, ItemStore store) {
    this.config = config;
    this.store = store;
    this.misses = new MissFetcher(store);
    this.stats = new Stats(config, heap, store, clients, counts);
  }

  /** How the server is set up. */
  CacheConfig config() {
    return config;
  }

  /** The items. */
  ItemStore store() {
    return store;
  }

  /** What brings in items that are far. */
  MissFetcher misses() {
    return misses;
  }

  /** The clients that are connected. */
  Clients clients() {
    return clients;
  }

  /** What is counted beside the store. */
  Counts counts() {
    return counts;
  }

  /** The figures that clients may ask for. */
  Stats stats() {
    return stats;
  }

  /** Largest item in bytes, key included. */
  int maxItemBytes() {
    return config.maxItemBytes();
  }

  /** Whether clients may forget all items. */
  boolean mayFlush() {
    return config.flushing();
  }

  /** The Unix time in seconds. */
  long nowSeconds() {
    return config.clockSeconds().getAsLong();
  }

  /** What a client's time of expiry means now. */
  long expiry(int exptime) {
    return Expiry.at(exptime, nowSeconds());
  }

  /** Whether clients have to say who they are. */
  boolean wantsCredentials() {
    return config.credentials().isPresent();
  }

  /** Whether a user has a password. */
  boolean accepts(byte[] user, byte[] password) {
    return config.credentials().isPresent() && config.credentials().get().accept(user, password);
  }
}
