package io.farheap.rdma;

import io.farheap.transport.session.ServerSlab;
import io.farheap.transport.wire.RegisteredSlab;

/** A slab, and how its server's device knows it. */
final class RdmaSlab extends ServerSlab {
  private final long remoteAddress;
  private final int remoteKey;

  RdmaSlab(long id, long wireId, RegisteredSlab where) {
    super(id, wireId);
    this.remoteAddress = where.remoteAddress();
    this.remoteKey = where.remoteKey();
  }

  /** Address of its first byte there. */
  long remoteAddress() {
    return remoteAddress;
  }

  /** Key of its registration there. */
  int remoteKey() {
    return remoteKey;
  }
}
