package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The options of {@code farheap load}. */
class LoadCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = FarheapCli.commandLine();
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  @Test
  void shapesAreListedWithoutAServer() {
    assertEquals(0, run("load", "--shapes"));
    assertTrue(out.toString().contains("mcd-cl") && out.toString().contains("etc"));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, 11211",
    "127.0.0.1:5, 127.0.0.1, 5",
    "[::1]:7, ::1, 7",
    "::1, ::1, 11211",
    "[::1], ::1, 11211"
  })
  void addressesAreRead(String text, String host, int port) {
    assertEquals(new InetSocketAddress(host, port), LoadCommand.address(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":5", "a:0", "a:x", "a:65536", "a:"})
  void wrongAddressesAreRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> LoadCommand.address(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--shape=none",
        "--get=2",
        "--zipf=9",
        "--rate=0",
        "--seconds=0",
        "--depth=0",
        "--keys=0"
      })
  void wrongOptionsAreUsageErrors(String option) {
    assertEquals(2, run("load", "localhost:1", option), err::toString);
  }

  @Test
  void aServerThatIsNotThereIsAnError() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    assertEquals(1, run("load", "127.0.0.1:" + port));
    assertTrue(err.toString().contains("nobody listens"), err::toString);
  }
}
