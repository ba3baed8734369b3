package io.farheap.transport.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Client and server in network namespaces of their own, and a cable between them that fails. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkNamespacesTest {
  private static final String TOKEN_LINE = "a:00112233445566778899aabbccddeeff";
  private static final String SERVER_ADDRESS = "10.231.77.1";
  private static final String CLIENT_ADDRESS = "10.231.77.2";

  @TempDir private Path folder;
  private final String id = "fh" + ProcessHandle.current().pid();
  private final String serverSpace = id + "s";
  private final String clientSpace = id + "c";

  @BeforeEach
  void plugIn() throws Exception {
    assumeTrue(
        isDone("ip", "netns", "add", serverSpace),
        "no network namespaces can be made here: dropped packets are not tested");
    assumeTrue(
        isDone("ip", "netns", "add", clientSpace)
            && isDone("ip", "link", "add", serverSpace, "type", "veth", "peer", clientSpace)
            && connect(serverSpace, SERVER_ADDRESS)
            && connect(clientSpace, CLIENT_ADDRESS),
        "no pair of network interfaces can be made here: dropped packets are not tested");
  }

  private static boolean connect(String space, String address) throws Exception {
    return isDone("ip", "link", "set", space, "netns", space)
        && isDone("ip", "-n", space, "addr", "add", address + "/24", "dev", space)
        && isDone("ip", "-n", space, "link", "set", "lo", "up")
        && isDone("ip", "-n", space, "link", "set", space, "up");
  }

  @AfterEach
  void unplug() throws Exception {
    isDone("ip", "netns", "del", clientSpace);
    isDone("ip", "netns", "del", serverSpace);
  }

  private static boolean isDone(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> in(String space) {
    return List.of("ip", "netns", "exec", space);
  }

  private ChildProcess startServer(TlsFiles files) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--listen", "tcp://" + SERVER_ADDRESS + ":7070"));
    arguments.addAll(List.of("--memory", "2MiB", "--slab", "256KiB"));
    arguments.addAll(List.of("--tls-cert", files.certificate().orElseThrow().toString()));
    arguments.addAll(List.of("--tls-key", files.key().orElseThrow().toString()));
    arguments.addAll(List.of("--token-file", token().toString()));
    ChildProcess server =
        JavaCommand.of(ServerMain.class, arguments.toArray(String[]::new))
            .under(in(serverSpace))
            .errorsWithOutput()
            .start();
    server.awaitPort();
    return server;
  }

  private Path token() {
    return Certificates.tokenFile(folder, "token", TOKEN_LINE);
  }

  private ChildProcess startClient(Certificates authority) throws IOException {
    String locator =
        "tcp://%s:7070?retry=20s&connect=10s&tls-ca=%s&token-file=%s"
            .formatted(SERVER_ADDRESS, authority.authorityFile(), token());
    return ChildClient.start(in(clientSpace), locator, 8);
  }

  @Test
  void aCableThatIsPulledForSomeSecondsLosesNothing() throws Exception {
    Certificates authority = new Certificates(folder, "root");
    try (ChildProcess server = startServer(authority.issue("server", Optional.empty()));
        ChildProcess client = startClient(authority)) {
      assertEquals("ready", client.line());
      assertTrue(server.threads() > 0);
      for (int round = 0; round < 2; round++) {
        client.say("check");
        isDone("ip", "-n", serverSpace, "link", "set", serverSpace, "down");
        elapse(3_000);
        client.say("check");
        isDone("ip", "-n", serverSpace, "link", "set", serverSpace, "up");
        assertEquals("ok", client.line());
        assertEquals("ok", client.line());
      }
    }
  }

  @Test
  void lostPacketsAreNotSeen() throws Exception {
    assumeTrue(
        isDone(
            "ip netns exec %s tc qdisc add dev %s root netem loss 5%%"
                .formatted(serverSpace, serverSpace)
                .split(" ", -1)),
        "this kernel has no netem: lost packets are not tested");
    Certificates authority = new Certificates(folder, "root");
    try (ChildProcess server = startServer(authority.issue("server", Optional.empty()));
        ChildProcess client = startClient(authority)) {
      assertEquals("ready", client.line());
      assertTrue(server.threads() > 0);
      for (int round = 0; round < 20; round++) {
        client.say("check");
        assertEquals("ok", client.line());
      }
    }
  }

  private static void elapse(long millis) {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < untilNanos) {
      LockSupport.parkNanos(untilNanos - System.nanoTime());
    }
  }
}
