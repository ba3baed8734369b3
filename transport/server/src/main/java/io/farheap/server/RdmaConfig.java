package io.farheap.server;

import java.net.InetSocketAddress;

/**
 * How a memory server is reached by RDMA, besides its connections.
 *
 * @param address an address of an RDMA device of this machine; port 0 means any free one
 * @param provider which implementation of the verbs is used, for example {@code farheap}
 */
public record RdmaConfig(InetSocketAddress address, String provider) {
  /** The provider that needs nothing but the system's libraries. */
  public static final String DEFAULT_PROVIDER = "farheap";

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the address is no particular one
   */
  public RdmaConfig {
    if (address.isUnresolved() || address.getAddress().isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "rdma=" + address + ": name the one address of the RDMA device's network interface");
    }
  }
}
