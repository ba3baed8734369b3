package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.Locator;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.tcp.TcpMemory;
import io.farheap.transport.wire.ServerFigures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo on a memory server that it reaches by real verbs. */
@Timeout(value = 500, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DemoGuestTest {
  private static final long ANSWER_NANOS = 60_000_000_000L;
  private static final int ATTEMPTS = 5;

  @Test
  void everyValueIsVerifiedAndTheServersProcessorReadsAndWritesNothing() throws Exception {
    String address = System.getenv("GUEST_ADDRESS");
    assumeTrue(
        address != null && Files.exists(Path.of("/sys/class/infiniband")),
        "no RDMA device here; farheap test --rdma makes one");
    try (ChildProcess server = serve(address)) {
      String place = "//127.0.0.1:" + server.awaitPort() + "?connect=30s&retry=30s";
      // The first client of a server that has just started may be too slow for it.
      figures("tcp:" + place);
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int exit =
          FarheapCli.commandLine()
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(
                  "demo",
                  "--local=4MiB",
                  "--data=8MiB",
                  "--modes=hybrid",
                  "--seconds=1",
                  "--threads=2",
                  "--server=rdma:" + place);
      assertEquals(0, exit, err::toString);
      assertTrue(out.toString().contains("none was lost or wrong"), out::toString);
      ServerFigures figures = figures("tcp:" + place);
      assertEquals(0, figures.reads(), figures::toString);
      assertEquals(0, figures.writes(), figures::toString);
      assertEquals(0, figures.slabs(), figures::toString);
    }
  }

  private static ChildProcess serve(String address) throws IOException {
    return JavaCommand.of(ServerMain.class, "--insecure", "--listen=tcp://127.0.0.1:0")
        .arguments("--memory=256MiB", "--silence=30s", "--rdma=" + address)
        .options("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
        .start();
  }

  private static ServerFigures figures(String locator) {
    ConnectionLostException failure = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      try (TcpMemory memory = TcpMemory.open(Locator.parse(locator), TransportOptions.defaults())) {
        return memory.serverFigures(ANSWER_NANOS);
      } catch (ConnectionLostException e) {
        failure = e;
      }
    }
    throw failure;
  }
}
