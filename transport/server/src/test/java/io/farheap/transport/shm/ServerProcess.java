package io.farheap.transport.shm;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A memory server on its own: arguments are port, folder, memory, slab, lease in ms. */
final class ServerProcess {
  private ServerProcess() {}

  public static void main(String[] arguments) throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
    ServerConfig config =
        ServerConfig.insecure(address, Long.parseLong(arguments[2]), Long.parseLong(arguments[3]))
            .withMemoryFile(Path.of(arguments[1]))
            .withTimes(Integer.parseInt(arguments[4]), 1000);
    try (MemoryServer server = MemoryServer.start(config)) {
      System.out.println("LISTENS " + server.addresses().getFirst().getPort());
      System.in.transferTo(System.out);
    }
  }
}
