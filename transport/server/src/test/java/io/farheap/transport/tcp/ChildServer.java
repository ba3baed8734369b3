package io.farheap.transport.tcp;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Main program of a child process: an insecure server that runs until its input ends. */
public final class ChildServer {
  static final int SLAB_BYTES = 256 << 10;

  private ChildServer() {}

  /** Arguments: port, slabs, lease in ms. Says its port. */
  public static void main(String[] arguments) throws IOException {
    ServerConfig config =
        ServerConfig.insecure(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                (long) Integer.parseInt(arguments[1]) * SLAB_BYTES,
                SLAB_BYTES)
            .withTimes(Integer.parseInt(arguments[2]), 2_000);
    try (MemoryServer server = MemoryServer.start(config)) {
      System.out.println(server.addresses().getFirst().getPort());
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
    }
  }
}
