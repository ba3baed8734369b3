package io.farheap.transport.shm;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryContract;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract for mapped slabs, and for slabs in files that are reached over a connection. */
class ShmContractTest {

  static MemoryServer serve(Path memoryFile, TransportOptions options) {
    return MemoryServer.start(
        ServerConfig.insecure(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                options.capacityBytes(),
                options.slabBytes())
            .withMemoryFile(memoryFile));
  }

  static String place(MemoryServer server) {
    return "//127.0.0.1:" + server.addresses().getFirst().getPort();
  }

  @Nested
  class Mapped extends FarMemoryThreadsContract {
    @TempDir Path folder;
    private MemoryServer server;

    @Override
    protected FarMemory open(TransportOptions options) {
      server = serve(folder, options);
      return Transports.open("shm:" + place(server), options);
    }

    @AfterEach
    void stop() {
      memory.close();
      server.close();
    }
  }

  @Nested
  class FilesOverTcp extends FarMemoryContract {
    @TempDir Path folder;
    private MemoryServer server;

    @Override
    protected FarMemory open(TransportOptions options) {
      server = serve(folder, options);
      return Transports.open("tcp:" + place(server), options);
    }

    @AfterEach
    void stop() {
      memory.close();
      server.close();
    }
  }

  @Nested
  class OneFileOverTcp extends FarMemoryContract {
    @TempDir Path folder;
    private MemoryServer server;

    @Override
    protected FarMemory open(TransportOptions options) {
      server = serve(folder.resolve("memory"), options);
      return Transports.open("tcp:" + place(server), options);
    }

    @AfterEach
    void stop() {
      memory.close();
      server.close();
    }
  }
}
