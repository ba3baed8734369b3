package io.farheap.transport.tcp;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Main program of a child process: an insecure server that runs until its input ends. */
public final class ChildServer {
  static final int SLAB_BYTES = 256 << 10;

  private ChildServer() {}

  /** Starts one. */
  public static ChildProcess start(int port, int slabs, int leaseMillis) throws IOException {
    return quiet(JavaCommand.of(ChildServer.class, "" + port, "" + slabs, "" + leaseMillis))
        .start();
  }

  /** Small, and without a log. */
  static JavaCommand quiet(JavaCommand command) {
    return command.options("-Xmx256m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
  }

  /** Where one listens, which is the first that it says. */
  public static int port(ChildProcess server) throws IOException {
    return Integer.parseInt(server.line());
  }

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
