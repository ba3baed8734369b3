package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MemcachedCommandTest {
  @Test
  void itServesUntilItIsToldToStop() throws Exception {
    try (ChildProcess server =
        start("-p", "0", "-m", "16", "--far", "64MiB", "-t", "1", "-U", "0", "-vv")) {
      server.awaitLine("16 MiB of local memory, 64 MiB of far memory in embedded:");
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.awaitPort())) {
        client
            .getOutputStream()
            .write("set a 0 0 1\r\nx\r\nget a\r\nquit\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
            "STORED\r\nVALUE a 0 1\r\nx\r\nEND\r\n",
            new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
      }
      server.terminate();
      assertTrue(server.awaitLine("stopped after").endsWith("1 gets (1 hits), 1 sets, 1 items"));
      assertEquals(0, server.awaitEnd());
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StringWriter err = new StringWriter();
      int code = run(err, "-p", "" + taken.getLocalPort(), "-m", "16", "--far", "64MiB");
      assertEquals(1, code, err::toString);
      assertTrue(err.toString().contains("cannot listen on"), err::toString);
      assertTrue(err.toString().contains("" + taken.getLocalPort()), err::toString);
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    StringWriter err = new StringWriter();
    String locator = "tcp://127.0.0.1:" + port + "?connect=1s";
    assertEquals(1, run(err, "-p", "0", "-m", "16", "--server", locator), err::toString);
    assertTrue(err.toString().contains("127.0.0.1:" + port), err::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "-p;70000, 70000",
    "-p;x, x",
    "-m;4GB, 4GB",
    "-c;0, -c 0",
    "-t;0, -t 0",
    "-I;10, -I 10",
    "-l;nowhere.invalid, nowhere.invalid",
    "-l;127.0.0.1:x, 127.0.0.1:x",
    "--mode;fast, fast",
    "--tls-cert;/nowhere, tls-key",
    "--tls-ca;/nowhere, --tls-cert",
    "-Y;/nowhere, /nowhere",
    "--nothing, --nothing"
  })
  void wrongOptionsAreNamed(String options, String named) {
    StringWriter err = new StringWriter();
    assertEquals(2, run(err, options.split(";")), err::toString);
    assertTrue(err.toString().contains(named), err::toString);
  }

  @Test
  void aWrongUserFileIsNamedWithoutItsPasswords(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("users"), "ann:secret\nbobpassword\n");
    StringWriter err = new StringWriter();
    assertEquals(2, run(err, "-Y", file.toString()), err::toString);
    assertTrue(err.toString().contains("line 2"), err::toString);
    assertTrue(!err.toString().contains("bobpassword"), err::toString);
  }

  private static int run(StringWriter err, String... options) {
    List<String> arguments = new ArrayList<>(List.of("memcached"));
    arguments.addAll(List.of(options));
    return FarheapCli.commandLine()
        .setOut(new PrintWriter(new StringWriter(), true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  private static ChildProcess start(String... options) throws IOException {
    return JavaCommand.of(FarheapCli.class, "memcached")
        .arguments(options)
        .errorsWithOutput()
        .start();
  }
}
