package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.AuthenticationException;
import io.farheap.transport.FarMemory;
import io.farheap.transport.FarMemoryFullException;
import io.farheap.transport.TransportException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import io.farheap.transport.security.SecurityFileException;
import io.farheap.transport.security.TlsFiles;
import io.farheap.transport.security.TokenFile;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.Challenge;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Proof;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in, and who is not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AdmissionTest {
  private static final String TOKEN = "00112233445566778899aabbccddeeff";
  private static final String OTHER_TOKEN = "ffeeddccbbaa99887766554433221100";
  private static final int SLAB_BYTES = 64 << 10;

  @TempDir private Path folder;
  private MemoryServer server;

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static ServerConfig insecure() {
    return ServerConfig.insecure(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4 * SLAB_BYTES, SLAB_BYTES);
  }

  private FarMemory open(String settings) {
    return Transports.open(
        "tcp://127.0.0.1:" + address().getPort() + "?" + settings, TransportOptions.defaults());
  }

  private InetSocketAddress address() {
    return server.addresses().getFirst();
  }

  private Path tokens(String name, String... lines) {
    return Certificates.tokenFile(folder, name, lines);
  }

  private void startWithTokens() {
    server =
        MemoryServer.start(
            insecure().withTokenFile(tokens("all", "a:" + TOKEN, "b:" + OTHER_TOKEN + ":64KiB")));
  }

  private void assertNobodyIsIn() {
    assertEquals(0, server.figures().clients());
  }

  @Test
  void theRightTokenIsLetIn() {
    startWithTokens();
    try (FarMemory memory = open("token-file=" + tokens("a", "a:" + TOKEN))) {
      memory.releaseSlab(memory.allocateSlab());
      assertEquals(4, memory.statistics().slabCapacity());
    }
    assertNobodyIsIn();
  }

  @Test
  void wrongTokensAreRefused() {
    startWithTokens();
    for (String line : new String[] {"a:" + OTHER_TOKEN, "c:" + TOKEN, "b:" + TOKEN}) {
      String settings = "token-file=" + tokens("wrong", line);
      assertThrows(AuthenticationException.class, () -> open(settings), line);
    }
    AuthenticationException none =
        assertThrows(AuthenticationException.class, () -> open("connections=1"));
    assertTrue(none.getMessage().contains("token-file"), none.getMessage());
    assertNobodyIsIn();
  }

  @Test
  void aReplayedProofIsRefused() throws Exception {
    startWithTokens();
    byte[] secret = TokenFile.read(tokens("a", "a:" + TOKEN)).getFirst().token();
    Hello hello =
        new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], "a");
    byte[] proof;
    try (RawClient honest = new RawClient(address())) {
      Challenge challenge = honest.hello(hello);
      proof = Proof.of(secret, hello, challenge);
      assertEquals(Status.OK, honest.attach(proof, RawClient.NEW_LEASE, 1).status());
    }
    try (RawClient thief = new RawClient(address())) {
      thief.hello(hello);
      assertEquals(Status.UNAUTHENTICATED, thief.attach(proof, RawClient.NEW_LEASE, 1).status());
      assertTrue(thief.isEnded());
    }
  }

  @Test
  void quotasHoldPerTenant() {
    startWithTokens();
    try (FarMemory memory = open("token-file=" + tokens("b", "b:" + OTHER_TOKEN));
        FarMemory second = open("token-file=" + tokens("b", "b:" + OTHER_TOKEN));
        FarMemory other = open("token-file=" + tokens("a", "a:" + TOKEN))) {
      long slab = memory.allocateSlab();
      assertThrows(FarMemoryFullException.class, memory::allocateSlab);
      assertThrows(FarMemoryFullException.class, second::allocateSlab);
      other.allocateSlab();
      memory.releaseSlab(slab);
      second.allocateSlab();
    }
  }

  @Test
  void nothingIsDoneBeforeAttaching() throws Exception {
    server = MemoryServer.start(insecure());
    for (Opcode opcode : Opcode.values()) {
      if (opcode != Opcode.HELLO && opcode != Opcode.EVENT) { // no client says the second
        try (RawClient client = new RawClient(address())) {
          RawClient.Reply reply = client.ask(opcode, 0);
          assertEquals(Status.UNAUTHENTICATED, reply.status(), opcode.name());
          assertTrue(client.isEnded());
        }
      }
    }
    assertEquals(0, server.figures().slabs());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 9"})
  void otherVersionsAreRefused(int least, int greatest) throws Exception {
    server = MemoryServer.start(insecure());
    try (RawClient client = new RawClient(address())) {
      byte[] hello = new Hello(least, greatest, 0, new byte[Protocol.ID_BYTES], "").encode();
      RawClient.Reply reply = client.ask(Opcode.HELLO, 0, 0, 0, hello);
      assertEquals(Status.BAD_VERSION, reply.status());
      assertTrue(
          reply
              .message()
              .contains("speaks version 2, the client " + least + " to " + greatest + "; use"),
          reply.message());
      assertTrue(client.isEnded());
    }
  }

  @Test
  void otherClientsSlabsAndLeasesAreOutOfReach() throws Exception {
    startWithTokens();
    byte[] secret = TokenFile.read(tokens("a", "a:" + TOKEN)).getFirst().token();
    byte[] otherSecret = TokenFile.read(tokens("b", "b:" + OTHER_TOKEN)).getFirst().token();
    try (RawClient owner = new RawClient(address());
        RawClient same = new RawClient(address());
        RawClient foreign = new RawClient(address())) {
      Attached lease = attach(owner, "a", secret, RawClient.NEW_LEASE);
      long slab = owner.ask(Opcode.ALLOCATE, 1).subject();
      owner.ask(Opcode.WRITE, slab, 0, 3, new byte[] {1, 2, 3});
      attach(same, "a", secret, RawClient.NEW_LEASE);
      for (Opcode opcode : new Opcode[] {Opcode.READ, Opcode.RELEASE}) {
        assertEquals(Status.NO_SUCH_SLAB, same.ask(opcode, slab, 0, 3, new byte[0]).status());
      }
      assertEquals(Status.NO_SUCH_SLAB, same.ask(Opcode.WRITE, slab, 0, 3, new byte[3]).status());

      Hello hello =
          new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], "b");
      byte[] proof = Proof.of(otherSecret, hello, foreign.hello(hello));
      assertEquals(Status.LEASE_LOST, foreign.attach(proof, lease.lease(), 9).status());

      RawClient.Reply read = owner.ask(Opcode.READ, slab, 0, 3, new byte[0]);
      byte[] bytes = new byte[3];
      read.payload().get(bytes);
      assertArrayEquals(new byte[] {1, 2, 3}, bytes);
    }
  }

  private static Attached attach(RawClient client, String tenant, byte[] secret, byte[] lease)
      throws Exception {
    Hello hello =
        new Hello(Protocol.VERSION, Protocol.VERSION, 0, new byte[Protocol.ID_BYTES], tenant);
    byte[] proof = Proof.of(secret, hello, client.hello(hello));
    RawClient.Reply reply = client.attach(proof, lease, 1);
    assertEquals(Status.OK, reply.status());
    return Attached.decode(reply.payload());
  }

  @Test
  void strangersGetNoMoreThanSomeBytes() throws Exception {
    server = MemoryServer.start(insecure());
    try (RawClient client = new RawClient(address())) {
      byte[] large = new byte[Protocol.MAX_UNATTACHED_FRAME_BYTES];
      client.send(RawClient.frame(Opcode.HELLO, 0, 0, 0, 0, large));
      assertEquals(Status.BAD_FRAME, client.receive().status());
      assertTrue(client.isEnded());
    }
    try (RawClient client = new RawClient(address())) {
      client.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(Status.BAD_FRAME, client.receive().status());
      assertTrue(client.isEnded());
    }
    assertEquals(2, server.figures().brokenConnections());
  }

  @Test
  void certificatesAreChecked() throws Exception {
    Certificates authority = new Certificates(folder, "root");
    Certificates stranger = new Certificates(folder, "stranger");
    Path ca = authority.authorityFile();
    Optional<Path> trusted = Optional.of(ca);
    server =
        MemoryServer.start(
            insecure().withTls(authority.issue("server", trusted), Optional.empty()));
    Instant now = Instant.now();
    try (FarMemory memory = open(settings(authority.issue("client", trusted)))) {
      memory.allocateSlab();
    }
    TlsFiles expired =
        authority.issue(
            "expired", trusted, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    for (String wrong :
        new String[] {
          "tls-ca=" + ca,
          settings(stranger.issue("wrong", trusted)),
          settings(expired),
          settings(authority.issue("client", Optional.of(stranger.authorityFile()))),
          "connections=1&connect=500ms",
        }) {
      assertThrows(TransportException.class, () -> open(wrong), wrong);
    }
    assertNobodyIsIn();
    assertEquals(2, server.figures().otherRequests(), "only the first client asked anything");
  }

  private static String settings(TlsFiles files) {
    return "tls-ca=%s&tls-cert=%s&tls-key=%s"
        .formatted(
            files.authority().orElseThrow(),
            files.certificate().orElseThrow(),
            files.key().orElseThrow());
  }

  @Test
  void theServersCertificateIsChecked() {
    Certificates authority = new Certificates(folder, "root");
    Instant now = Instant.now();
    TlsFiles expired =
        authority.issue(
            "old-server",
            Optional.empty(),
            now.minus(Duration.ofDays(9)),
            now.minus(Duration.ofDays(1)));
    server =
        MemoryServer.start(insecure().withTls(expired, Optional.of(tokens("all", "a:" + TOKEN))));
    String token = "&token-file=" + tokens("a", "a:" + TOKEN);
    String trusting = "tls-ca=" + authority.authorityFile() + token;
    assertThrows(AuthenticationException.class, () -> open(trusting));
    assertThrows(AuthenticationException.class, () -> open("tls=true" + token));
  }

  @Test
  void tokensServeUnderTlsToo() {
    Certificates authority = new Certificates(folder, "root");
    server =
        MemoryServer.start(
            insecure()
                .withTls(
                    authority.issue("server", Optional.empty()),
                    Optional.of(tokens("all", "a:" + TOKEN))));
    String ca = "tls-ca=" + authority.authorityFile();
    try (FarMemory memory = open(ca + "&token-file=" + tokens("a", "a:" + TOKEN))) {
      memory.allocateSlab();
    }
    assertThrows(
        AuthenticationException.class,
        () -> open(ca + "&token-file=" + tokens("w", "a:" + OTHER_TOKEN)));
    assertThrows(AuthenticationException.class, () -> open(ca));
  }

  @Test
  void olderTlsIsRefused() throws Exception {
    Certificates authority = new Certificates(folder, "root");
    Optional<Path> trusted = Optional.of(authority.authorityFile());
    server =
        MemoryServer.start(
            insecure().withTls(authority.issue("server", trusted), Optional.empty()));
    TlsFiles client = authority.issue("client", trusted);
    try (SSLSocket socket =
        (SSLSocket)
            client
                .context()
                .getSocketFactory()
                .createSocket(address().getAddress(), address().getPort())) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThrows(IOException.class, socket::startHandshake);
    }
  }

  @Test
  void shortTokensAndStrangeFilesAreNamed() {
    for (String line : new String[] {"a:00112233445566778899aabbccddee", "a", "a:b:c:d", ""}) {
      Path file = tokens("short", "# comment", line);
      SecurityFileException e =
          assertThrows(SecurityFileException.class, () -> TokenFile.read(file), line);
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
      assertTrue(line.length() < 5 || !e.getMessage().contains(line), "shows the token");
    }
    Path missing = folder.resolve("missing");
    assertThrows(SecurityFileException.class, () -> TokenFile.read(missing));
  }

  @Test
  void aServerThatLetsInStrangersDoesNotStart() {
    InetSocketAddress anywhere = new InetSocketAddress("0.0.0.0", 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> ServerConfig.insecure(anywhere, 4 * SLAB_BYTES, SLAB_BYTES));
    Certificates authority = new Certificates(folder, "root");
    TlsFiles own = authority.issue("server", Optional.empty());
    assertThrows(IllegalArgumentException.class, () -> insecure().withTls(own, Optional.empty()));
  }
}
