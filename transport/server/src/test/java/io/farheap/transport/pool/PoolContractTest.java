package io.farheap.transport.pool;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract over two servers that have half of the memory each. */
class PoolContractTest extends FarMemoryThreadsContract {
  private final List<MemoryServer> servers = new ArrayList<>();

  @Override
  protected FarMemory open(TransportOptions options) {
    long half = options.capacityBytes() / options.slabBytes() / 2 * options.slabBytes();
    for (long bytes : new long[] {half, options.capacityBytes() - half}) {
      servers.add(
          MemoryServer.start(
              ServerConfig.insecure(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  bytes,
                  options.slabBytes())));
    }
    return Transports.open(
        "pool::tcp://127.0.0.1:"
            + servers.getFirst().addresses().getFirst().getPort()
            + ",127.0.0.1:"
            + servers.getLast().addresses().getFirst().getPort(),
        options);
  }

  @AfterEach
  void stopServers() {
    memory.close();
    servers.forEach(MemoryServer::close);
  }
}
