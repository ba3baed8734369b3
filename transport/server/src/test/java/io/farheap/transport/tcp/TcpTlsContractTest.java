package io.farheap.transport.tcp;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryThreadsContract;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.security.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over TLS with certificates on both sides. */
class TcpTlsContractTest extends FarMemoryThreadsContract {
  @TempDir private static Path folder;

  private MemoryServer server;

  @Override
  protected FarMemory open(TransportOptions options) {
    Certificates authority = new Certificates(folder, "root");
    Path ca = authority.authorityFile();
    server =
        MemoryServer.start(
            ServerConfig.insecure(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    options.capacityBytes(),
                    options.slabBytes())
                .withTls(authority.issue("server", Optional.of(ca)), Optional.empty()));
    TlsFiles client = authority.issue("client", Optional.of(ca));
    String locator =
        "tcp://127.0.0.1:%d?tls-ca=%s&tls-cert=%s&tls-key=%s"
            .formatted(
                server.addresses().getFirst().getPort(),
                ca,
                client.certificate().orElseThrow(),
                client.key().orElseThrow());
    return Transports.open(locator, options);
  }

  @AfterEach
  void stopServer() {
    memory.close();
    server.close();
  }
}
