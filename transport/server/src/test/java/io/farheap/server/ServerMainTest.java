package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: what it says, and how it ends. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServerMainTest {
  private static final String ANY_PORT = "--listen=tcp://127.0.0.1:0";

  @Test
  void itAnswersUntilItIsToldToStop() throws Exception {
    try (ChildProcess server = start(Map.of(), ANY_PORT, "--insecure", "--memory=128MiB")) {
      Greeting.say(URI.create(server.awaitListening()));
      server.terminate();
      assertEquals(ServerMain.EXIT_OK, server.awaitEnd(), server::said);
      assertTrue(server.said().contains("lends 128 MiB in 2 slabs of 64 MiB"), server::said);
      assertTrue(server.said().contains("insecure"), server::said);
      assertTrue(server.said().contains("stopped after"), server::said);
      assertFalse(server.said().contains("WARNING"), server::said);
    }
  }

  @Test
  void environmentAndFileSetItUp(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("server.conf");
    Files.writeString(file, "listen = tcp://127.0.0.1:0, tcp://127.0.0.1:0\nmemory = 64MiB\n");
    try (ChildProcess server =
        start(
            Map.of("FARHEAP_SERVER_CONFIG", file.toString(), "FARHEAP_SERVER_INSECURE", "true"))) {
      Greeting.say(URI.create(server.awaitListening()));
      Greeting.say(URI.create(server.awaitListening()));
    }
  }

  @Test
  void wrongSettingsEndItWithAMessageAndTwo() throws Exception {
    assertEnds(ServerMain.EXIT_USAGE, "FARHEAP_SERVER_LAESE", Map.of("FARHEAP_SERVER_LAESE", "1s"));
    assertEnds(ServerMain.EXIT_USAGE, "did you mean listen?", Map.of(), "--lisen=tcp://a:1");
  }

  @Test
  void whatCannotStartEndsItWithAMessageAndOne() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEnds(
          ServerMain.EXIT_FAILURE,
          "cannot listen on",
          Map.of(),
          "--insecure",
          "--listen=tcp://127.0.0.1:" + taken.getLocalPort());
    }
    assertEnds(
        ServerMain.EXIT_FAILURE,
        "/nowhere/tokens",
        Map.of(),
        ANY_PORT,
        "--insecure",
        "--token-file=/nowhere/tokens");
  }

  @Test
  void helpNamesEverySetting() throws Exception {
    try (ChildProcess server = start(Map.of(), "--help")) {
      assertEquals(ServerMain.EXIT_OK, server.awaitEnd());
      for (ServerSetting setting : ServerSetting.values()) {
        assertTrue(server.said().contains("--" + setting.key()), setting::key);
      }
      assertTrue(server.said().contains("Examples:"), server::said);
    }
  }

  private static ChildProcess start(Map<String, String> environment, String... options)
      throws IOException {
    return JavaCommand.of(ServerMain.class, options)
        .environment(environment)
        .errorsWithOutput()
        .start();
  }

  private static void assertEnds(
      int code, String message, Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    try (ChildProcess server = start(environment, options)) {
      assertEquals(code, server.awaitEnd(), server::said);
      assertTrue(server.said().contains(message), server::said);
      assertFalse(server.said().contains("\tat "), server::said);
    }
  }
}
