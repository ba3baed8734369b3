package io.farheap.transport.rdma;

import io.farheap.transport.tcp.RemoteSlab;
import io.farheap.transport.wire.RegisteredSlab;

/**
 * A slab and how its server's device knows it.
 *
 * @param remote the slab
 * @param server who has it
 * @param remoteAddress address of its first byte there
 * @param remoteKey key of its registration there
 */
record RdmaSlab(RemoteSlab remote, RdmaServer server, long remoteAddress, int remoteKey) {

  static RdmaSlab of(RemoteSlab remote, RdmaServer server, RegisteredSlab where) {
    return new RdmaSlab(remote, server, where.remoteAddress(), where.remoteKey());
  }

  boolean isLost() {
    return remote.isLost();
  }
}
