package io.farheap.apps.memcached.work;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.store.ItemStore;

/** What all connections share. */
public final class ServerShared {
  private final CacheConfig config;
  private final ItemStore store;
  private final MissFetcher misses;
  private final Clients clients = new Clients();
  private final Counts counts = new Counts();
  private final Stats stats;

  /**
   * Makes what the connections of one server share.
   *
   * @param config how it is set up
   * @param heap where the items are, for its figures
   * @param store the items
   */
  public ServerShared(CacheConfig config, FarHeap heap, ItemStore store) {
    this.config = config;
    this.store = store;
    this.misses = new MissFetcher(store);
    this.stats = new Stats(config, heap, store, clients, counts);
  }

  /** How the server is set up. */
  public CacheConfig config() {
    return config;
  }

  /** The items. */
  ItemStore store() {
    return store;
  }

  /** What brings in items that are far. */
  public MissFetcher misses() {
    return misses;
  }

  /** The clients that are connected. */
  public Clients clients() {
    return clients;
  }

  /** What is counted beside the store. */
  public Counts counts() {
    return counts;
  }

  /** The figures that clients may ask for. */
  public Stats stats() {
    return stats;
  }

  /** Largest item in bytes, key included. */
  public int maxItemBytes() {
    return config.maxItemBytes();
  }

  /** Whether clients may forget all items. */
  public boolean mayFlush() {
    return config.flushing();
  }

  /** The Unix time in seconds. */
  public long nowSeconds() {
    return config.clockSeconds().getAsLong();
  }

  /** What a client's time of expiry means now. */
  public long expiry(int exptime) {
    return Expiry.at(exptime, nowSeconds());
  }

  /** Whether clients have to say who they are. */
  public boolean wantsCredentials() {
    return config.credentials().isPresent();
  }

  /** Whether a user has a password. */
  public boolean accepts(byte[] user, byte[] password) {
    return config.credentials().isPresent() && config.credentials().get().accept(user, password);
  }
}
