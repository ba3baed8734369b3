package io.farheap.transport.tcp;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;

/** The contract over TCP to a server in the same process. */
class TcpContractTest extends FarMemoryThreadsContract {
  private MemoryServer server;

  @Override
  protected FarMemory open(TransportOptions options) {
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                options.capacityBytes(),
                options.slabBytes()));
    return Transports.open("tcp://127.0.0.1:" + server.addresses().getFirst().getPort(), options);
  }

  @AfterEach
  void stopServer() {
    memory.close();
    server.close();
  }
}
