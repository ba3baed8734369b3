package io.farheap.server;

import java.util.concurrent.atomic.AtomicLong;

/** Who may have slabs, and how many: all clients that attach under one name. */
final class Tenant {
  private final String name;
  private final long quotaBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  Tenant(String name, long quotaBytes) {
    this.name = name;
    this.quotaBytes = quotaBytes;
  }

  String name() {
    return name;
  }

  long quotaBytes() {
    return quotaBytes;
  }

  long freeBytes() {
    return Math.max(0, quotaBytes - usedBytes.get());
  }

  /** Takes part of the quota; false if not enough of it is left. */
  boolean charge(long bytes) {
    long used = usedBytes.get();
    while (used + bytes <= quotaBytes) {
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
      used = usedBytes.get();
    }
    return false;
  }

  void refund(long bytes) {
    usedBytes.addAndGet(-bytes);
  }
}
