package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.transport.security.TlsFiles;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocols over TLS, which hands requests over in pieces of its own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsTest {
  @TempDir private Path folder;
  private X509Bundle authority;
  private Path authorityFile;

  @BeforeEach
  void makeAuthority() throws Exception {
    authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    authorityFile = Files.writeString(folder.resolve("ca.pem"), authority.getRootCertificatePEM());
  }

  private TlsFiles issue(String name, Optional<Path> other) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=" + name)
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(authority);
    Path certificate = folder.resolve(name + ".pem");
    Path key = folder.resolve(name + ".key");
    Files.writeString(certificate, bundle.getCertificatePathPEM());
    Files.writeString(key, bundle.getPrivateKeyPEM());
    return new TlsFiles(Optional.of(certificate), Optional.of(key), other);
  }

  private static TestServer start(TlsFiles tls) {
    return TestServer.start(
        config ->
            new CacheConfig(
                config.listen(),
                config.threads(),
                config.maxConnections(),
                config.maxItemBytes(),
                config.credentials(),
                Optional.of(tls),
                config.flushing(),
                config.verbosity(),
                config.clockSeconds()));
  }

  private static SSLSocket connect(TlsFiles files, int port) throws IOException {
    SSLContext context = files.context();
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void requestsAreAnswered() throws Exception {
    TlsFiles client = new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(authorityFile));
    try (TestServer server = start(issue("server", Optional.empty()));
        SSLSocket socket = connect(client, server.port())) {
      String value = "v".repeat(500_000);
      String request =
          "set a 0 0 " + value.length() + "\r\n" + value + "\r\nget a\r\nget a a\r\nmn\r\nquit\r\n";
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      String shown = "VALUE a 0 " + value.length() + "\r\n" + value + "\r\n";
      assertEquals(
          "STORED\r\n" + shown + "END\r\n" + shown + shown + "END\r\nMN\r\n",
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void clientsShowCertificatesWhereTheyMust() throws Exception {
    TlsFiles stranger =
        new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(authorityFile));
    try (TestServer server = start(issue("server", Optional.of(authorityFile)))) {
      try (SSLSocket socket = connect(issue("client", Optional.of(authorityFile)), server.port())) {
        socket.getOutputStream().write("mn\r\nquit\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
            "MN\r\n",
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      }
      try (SSLSocket socket = connect(stranger, server.port())) {
        assertThrows(
            IOException.class,
            () -> {
              socket.getOutputStream().write("mn\r\n".getBytes(StandardCharsets.US_ASCII));
              socket.getInputStream().readAllBytes();
            });
      }
    }
  }
}
