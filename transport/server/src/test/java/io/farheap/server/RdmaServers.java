package io.farheap.server;

import io.farheap.rdma.fabric.Fabric;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Memory servers whose queue pairs come from a fabric of the test's choice. */
public final class RdmaServers {
  private RdmaServers() {}

  /** A server in this process, on free ports. */
  public static MemoryServer start(ServerConfig config, Fabric fabric) {
    InetSocketAddress device = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return MemoryServer.start(
        config.withRdma(new RdmaConfig(device, RdmaConfig.DEFAULT_PROVIDER)),
        () -> Optional.of(fabric));
  }
}
