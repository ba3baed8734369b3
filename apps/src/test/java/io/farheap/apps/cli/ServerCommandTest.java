package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.apps.ChildJvm;
import io.farheap.server.ServerMain;
import io.farheap.server.ServerSetting;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ServerCommandTest {
  private static final String LISTENING = "listening on ";

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
    Process server =
        start("--listen", "tcp://127.0.0.1:0", "--insecure", "--memory=8MiB", "--slab", "1MiB");
    try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
      String line = ChildJvm.awaitLine(said, LISTENING);
      String locator = line.substring(line.indexOf(LISTENING) + LISTENING.length());
      TransportOptions options = TransportOptions.defaults().withSlabBytes(1 << 20);
      FarMemory client = Transports.open(locator, options);
      client.allocateSlab();
      assertTrue(server.toHandle().destroy());
      ChildJvm.awaitLine(said, "1 clients have 1 slabs");
      client.close();
      ChildJvm.awaitLine(said, "stopped after");
      assertTrue(server.waitFor(30, TimeUnit.SECONDS));
      assertEquals(ServerMain.EXIT_OK, server.exitValue());
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void wrongSettingsAreNamed() throws Exception {
    Process server = start("--insecure", "--memory", "4GB");
    try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
      ChildJvm.awaitLine(said, "--memory: memory = \"4GB\"");
      assertTrue(server.waitFor(30, TimeUnit.SECONDS));
      assertEquals(ServerMain.EXIT_USAGE, server.exitValue());
    } finally {
      server.destroyForcibly();
    }
  }

  private static Process start(String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("server"));
    arguments.addAll(List.of(options));
    return ChildJvm.start(FarheapCli.class, arguments.toArray(String[]::new));
  }
}
