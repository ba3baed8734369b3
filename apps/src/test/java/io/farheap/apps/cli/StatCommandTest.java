package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.farheap.server.MemoryServer;
import io.farheap.server.ServerConfig;
import io.farheap.transport.FarMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatCommandTest {
  private static final long SLAB_BYTES = 1 << 20;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private MemoryServer server;
  private String locator;

  @BeforeEach
  void start() {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = MemoryServer.start(ServerConfig.insecure(any, 8 * SLAB_BYTES, SLAB_BYTES));
    locator = "tcp://127.0.0.1:" + server.addresses().getFirst().getPort();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... arguments) {
    return FarheapCli.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void onceAsJsonIsOneObject() {
    TransportOptions options = TransportOptions.defaults().withSlabBytes(SLAB_BYTES);
    try (FarMemory client = Transports.open(locator, options)) {
      client.allocateSlab();
      assertEquals(0, run("stat", locator, "--once", "--json"), err::toString);
    }
    JsonObject root = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals(locator, root.get("locator").getAsString());
    JsonObject figures = root.getAsJsonArray("servers").get(0).getAsJsonObject();
    assertEquals(1, figures.get("clients").getAsLong());
    assertEquals(1, figures.get("slabs").getAsLong());
    assertEquals(8, figures.get("slabCapacity").getAsLong());
    assertEquals(SLAB_BYTES, figures.get("slabBytes").getAsLong());
  }

  @Test
  void onceIsOneLineUnderItsHeading() {
    assertEquals(0, run("stat", locator, "--once"), err::toString);
    List<String> lines = out.toString().lines().toList();
    assertEquals(2, lines.size(), out::toString);
    assertTrue(lines.getFirst().contains("clients"), out::toString);
    assertTrue(lines.getLast().contains("0/8"), out::toString);
  }

  @Test
  void theWatchLeavesNothingBehind() {
    assertEquals(0, run("stat", locator, "--once", "--json"), err::toString);
    assertEquals(0, server.figures().clients());
  }

  @Test
  void aServerThatIsNotThereIsAnError() {
    server.close();
    assertEquals(1, run("stat", locator, "--once"));
    assertTrue(err.toString().contains("reached"), err::toString);
  }

  @Test
  void aLocatorOfNoServerIsRefused() {
    assertEquals(2, run("stat", "embedded:"));
    assertTrue(err.toString().contains("embedded:"), err::toString);
    assertEquals(2, run("stat", "nonsense"));
  }
}
