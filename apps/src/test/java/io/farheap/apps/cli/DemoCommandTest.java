package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String line) {
    return FarheapCli.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.split(" "));
  }

  @Test
  void aSmallDemoPrintsItsTable() {
    int exit =
        run(
            "demo --local 4MiB --data 8m --modes object,HYBRID --seconds 0.1 --seed 7"
                + " --threads 1 --latency 0 --skew 1.2");
    assertEquals(0, exit, err::toString);
    String text = out.toString();
    assertTrue(text.contains("8 MiB of items"), text);
    assertTrue(text.contains("without any injected latency"), text);
    assertTrue(text.matches("(?s).*\n +object only +hybrid\\R-+\\R.*"), text);
  }

  @Test
  void aDemoOnAServerUsesItsMemory() {
    ServerConfig config =
        ServerConfig.insecure(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1L << 30, 64L << 20);
    try (MemoryServer server = MemoryServer.start(config)) {
      String locator = "tcp://127.0.0.1:" + server.addresses().getFirst().getPort();
      int exit =
          run(
              "demo --local 4MiB --data 16MiB --modes hybrid --seconds 0.2 --threads 2 --server "
                  + locator);
      assertEquals(0, exit, err::toString);
      assertTrue(out.toString().contains("on the memory server " + locator), out::toString);
      assertTrue(server.figures().bytesWritten() > 1 << 20, () -> "" + server.figures());
      assertEquals(0, server.figures().slabs(), "the heaps are closed");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--server tcp://127.0.0.1:7 --latency 5us, drop it",
    "--modes kernel, no mode",
    "--data 2GB, no size",
    "--data 1k, at least 1MiB",
    "--threads 0, threads=0",
    "--seconds -1, seconds=-1"
  })
  void aWrongOptionIsNamed(String options, String message) {
    assertEquals(2, run("demo " + options));
    assertTrue(err.toString().contains(message), err::toString);
  }

  @Test
  void aWrongLatencyIsAnError() {
    assertEquals(1, run("demo --data 1MiB --latency soon"));
    assertTrue(err.toString().contains("soon"), err::toString);
  }
}
