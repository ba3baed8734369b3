package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.server.ServerMain;
import io.farheap.server.ServerSetting;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServerCommandTest {
  @Test
  void helpShowsEverySetting() {
    StringWriter out = new StringWriter();
    FarheapCli.commandLine().setOut(new PrintWriter(out, true)).execute("server", "--help");
    for (ServerSetting setting : ServerSetting.values()) {
      assertTrue(out.toString().contains("--" + setting.key()), setting::key);
    }
  }

  @Test
  void itDrainsWhenItIsToldToStop() throws Exception {
    try (ChildProcess server =
        start("--listen", "tcp://127.0.0.1:0", "--insecure", "--memory=8MiB", "--slab", "1MiB")) {
      TransportOptions options = TransportOptions.defaults().withSlabBytes(1 << 20);
      FarMemory client = Transports.open(server.awaitListening(), options);
      client.allocateSlab();
      server.terminate();
      server.awaitLine("1 clients have 1 slabs");
      client.close();
      server.awaitLine("stopped after");
      assertEquals(ServerMain.EXIT_OK, server.awaitEnd());
    }
  }

  @Test
  void wrongSettingsAreNamed() throws Exception {
    try (ChildProcess server = start("--insecure", "--memory", "4GB")) {
      server.awaitLine("--memory: memory = \"4GB\"");
      assertEquals(ServerMain.EXIT_USAGE, server.awaitEnd());
    }
  }

  private static ChildProcess start(String... options) throws IOException {
    return JavaCommand.of(FarheapCli.class, "server").arguments(options).errorsWithOutput().start();
  }
}
