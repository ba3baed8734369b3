package io.farheap.apps.doctor;

import io.farheap.server.MemoryServer;
import io.farheap.server.RdmaConfig;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Far memories of one slab on this machine, for {@link RoundTripCheck}. */
final class RoundTrips {
  private static final long SLAB_BYTES = 1 << 16;

  /** Generous, since a slow machine is not a broken one. */
  private static final int PATIENCE_MILLIS = 30_000;

  private static final TransportOptions OPTIONS =
      TransportOptions.defaults().withSlabBytes(SLAB_BYTES).withCapacityBytes(SLAB_BYTES);

  private RoundTrips() {}

  static RoundTripCheck embedded() {
    return new RoundTripCheck(
        TransportKind.EMBEDDED,
        "in this process",
        "free some memory, or raise the limit on this process's memory (ulimit -v)",
        () -> new RoundTripCheck.OpenMemory(Transports.open("embedded:", OPTIONS), () -> {}));
  }

  static RoundTripCheck tcp() {
    return new RoundTripCheck(
        TransportKind.TCP,
        "over TCP on the loopback interface ("
            + (MemoryServer.isEpollNative() ? "native epoll" : "without native epoll")
            + ")",
        "ip link set lo up, and let this process open sockets",
        () -> served(loopback(), "tcp"));
  }

  /** By shared memory in a folder. */
  static RoundTripCheck shm(Path folder) {
    return new RoundTripCheck(
        TransportKind.SHM,
        "in shared memory",
        "mount -t tmpfs -o size=50% shm " + folder,
        () -> served(loopback().withMemoryFile(folder), "shm"));
  }

  /** By the device with an address of this machine. */
  static RoundTripCheck rdma(String address) {
    return new RoundTripCheck(
        TransportKind.RDMA,
        "by RDMA, from " + address + " to itself",
        "let UDP port 4791 pass in firewalls (RoCE), and look at dmesg",
        () -> served(loopback().withRdma(config(address)), "rdma"));
  }

  private static RdmaConfig config(String address) {
    return new RdmaConfig(new InetSocketAddress(address, 0), RdmaConfig.DEFAULT_PROVIDER);
  }

  private static ServerConfig loopback() {
    return ServerConfig.insecure(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SLAB_BYTES, SLAB_BYTES)
        .withTimes(PATIENCE_MILLIS, PATIENCE_MILLIS);
  }

  private static RoundTripCheck.OpenMemory served(ServerConfig config, String scheme) {
    MemoryServer server = MemoryServer.start(config);
    FarMemory memory = null;
    try {
      int port = server.addresses().getFirst().getPort();
      String locator = scheme + "://127.0.0.1:" + port + "?connect=" + PATIENCE_MILLIS + "ms";
      memory = Transports.open(locator, OPTIONS);
      return new RoundTripCheck.OpenMemory(memory, server::close);
    } finally {
      if (memory == null) {
        server.close();
      }
    }
  }
}
