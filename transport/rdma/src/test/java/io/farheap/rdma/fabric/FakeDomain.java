package io.farheap.rdma.fabric;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A protection domain that knows what is registered in it. */
final class FakeDomain implements Domain {
  /** Keys of all domains, so that one never fits another's memory. */
  private static final AtomicInteger KEYS = new AtomicInteger(1000);

  private final FakeNetwork network;
  private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(long rawAddress, long lengthBytes, Access access) {}

  FakeDomain(FakeNetwork network) {
    this.network = network;
  }

  @Override
  public Registration register(long rawAddress, long lengthBytes, Access access) {
    network.requireLockable(lengthBytes);
    int key = KEYS.incrementAndGet();
    entries.put(key, new Entry(rawAddress, lengthBytes, access));
    return new Registration() {
      @Override
      public int localKey() {
        return key;
      }

      @Override
      public int remoteKey() {
        return key;
      }

      @Override
      public void close() {
        synchronized (FakeDomain.this) {
          entries.remove(key);
        }
      }
    };
  }

  /** Whether a range may be touched; whoever touches it holds this object's lock. */
  boolean allows(int key, long rawAddress, long lengthBytes, Access access) {
    Entry entry = entries.get(key);
    return entry != null
        && (access == Access.LOCAL || entry.access == Access.REMOTE)
        && rawAddress >= entry.rawAddress
        && rawAddress + lengthBytes <= entry.rawAddress + entry.lengthBytes;
  }

  @Override
  public void close() {
    if (!entries.isEmpty()) {
      throw new IllegalStateException(entries.size() + " registrations are left");
    }
  }
}
