package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.apps.memcached.work.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How connections are served: who may come, how many, and what slow or silent clients cost. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ServingTest {
  private static final int CONNECTS = Integer.getInteger("farheap.test.memcached.connects", 5_000);

  private static TestServer withUsers(Path folder) throws IOException {
    Path file = folder.resolve("users");
    Files.writeString(file, "\nann:secret\nbob:pass:word\n");
    Optional<Credentials> users = Optional.of(Credentials.read(file));
    return TestServer.start(config -> with(config, users, config.maxConnections()));
  }

  private static CacheConfig with(
      CacheConfig config, Optional<Credentials> users, int connections) {
    return new CacheConfig(
        config.listen(),
        config.threads(),
        connections,
        config.maxItemBytes(),
        users,
        config.tls(),
        config.flushing(),
        config.verbosity(),
        config.clockSeconds());
  }

  @Test
  void textClientsSayWhoTheyAre(@TempDir Path folder) throws IOException {
    try (TestServer server = withUsers(folder);
        RawClient client = server.connect()) {
      String unauthenticated = "CLIENT_ERROR unauthenticated\r\n";
      client.send("get a\r\n");
      assertEquals(unauthenticated, text(client, unauthenticated.length()));
      client.send("set x 0 0 9\r\nann secre\r\n");
      String failed = "CLIENT_ERROR authentication failure\r\n";
      assertEquals(failed, text(client, failed.length()));
      client.send("set x 0 0 3\r\nann\r\n");
      String format = "CLIENT_ERROR bad authentication token format\r\n";
      assertEquals(format, text(client, format.length()));
      client.send("set x 0 0 3\r\nannXY");
      String end = "CLIENT_ERROR bad command line termination\r\n";
      assertEquals(end, text(client, end.length()));
      client.send("set x 0 0 13\r\nbob pass:word\r\n");
      assertEquals("STORED\r\n", text(client, 8));
      assertEquals("END\r\n", client.exchange("get x\r\n"));
      assertEquals("STORED\r\n", client.exchange("set a 0 0 1\r\nx\r\n"));
    }
  }

  @Test
  void binaryClientsSayWhoTheyAre(@TempDir Path folder) throws IOException {
    try (TestServer server = withUsers(folder)) {
      assertEquals(
          "00 status 20 value Auth failure.", first(server, BinaryMessage.request(0, "a")));
      assertEquals("20 status 00 value PLAIN", first(server, BinaryMessage.request(0x20, "")));
      BinaryMessage auth = BinaryMessage.request(0x21, "PLAIN");
      assertEquals("21 status 00 value Authenticated", first(server, auth.value("\0ann\0secret")));
      assertEquals("21 status 20 value Auth failure.", first(server, auth.value("\0ann\0secre")));
      assertEquals("21 status 20 value Auth failure.", first(server, auth.value("ann secret")));
      assertEquals("21 status 20 value Auth failure.", first(server, auth.value("")));
      try (RawClient client = server.connect()) {
        client.send(auth.value("\0bob\0pass:word").encode());
        InputStream in = client.socket().getInputStream();
        assertEquals(0, BinaryMessage.read(in).status());
        client.send(BinaryMessage.request(0, "a").encode());
        assertEquals("00 status 01 value Not found", BinaryMessage.read(in).text());
      }
    }
  }

  private static String first(TestServer server, BinaryMessage request) throws IOException {
    try (RawClient client = server.connect()) {
      client.send(request.encode());
      return BinaryMessage.read(client.socket().getInputStream()).text();
    }
  }

  private static String text(RawClient client, int bytes) throws IOException {
    return new String(client.read(bytes), StandardCharsets.US_ASCII);
  }

  @Test
  void tooManyConnectionsAreTurnedAway() throws IOException {
    try (TestServer server = TestServer.start(config -> with(config, Optional.empty(), 3))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = server.connect();
        client.exchange("mn\r\n");
        clients.add(client);
      }
      try (RawClient more = server.connect()) {
        assertEquals(
            "ERROR Too many open connections\r\n",
            new String(more.readAll(), StandardCharsets.US_ASCII));
      }
      clients.removeFirst().close();
      // The place is free once the server has heard of it.
      await(() -> server.server().stats().get("curr_connections").equals("2"));
      try (RawClient again = server.connect()) {
        assertEquals("END\r\n", again.exchange("get a\r\n"));
      }
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Test
  void whatWasAskedBeforeTheEndIsAnswered() throws IOException {
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      client.send("set a 0 0 5\r\nhello\r\nget a\r\n");
      client.socket().shutdownOutput();
      assertEquals(
          "STORED\r\nVALUE a 0 5\r\nhello\r\nEND\r\n",
          new String(client.readAll(), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void aClientThatDoesNotReadHoldsLittle() throws Exception {
    int valueBytes = 100_000;
    int gets = 20_000;
    try (TestServer server = TestServer.start();
        RawClient slow = server.connect();
        RawClient other = server.connect()) {
      other.exchange("set a 0 0 " + valueBytes + "\r\n" + "x".repeat(valueBytes) + "\r\n");
      // 2 GB of replies, which nobody reads: the server must stop reading, so this blocks.
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      slow.send("get a a a a a a a a a a\r\n".repeat(gets / 10));
                    } catch (IOException e) {
                      // The connection is closed below.
                    }
                  });
      long before = -1;
      // It serves others, and after a while nothing is written any more for the slow one.
      while (true) {
        for (int i = 0; i < 200; i++) {
          assertEquals("END\r\n", other.exchange("get nothing\r\n"));
        }
        long gotten = Long.parseLong(server.server().stats().get("get_hits"));
        if (gotten == before) {
          break;
        }
        before = gotten;
      }
      assertTrue(before < gets / 2, () -> "values were made for who does not read them");
      byte[] line = slow.read(("VALUE a 0 " + valueBytes + "\r\n").length());
      assertEquals("VALUE", new String(line, 0, 5, StandardCharsets.US_ASCII));
      // It takes what it is sent again, and everything comes.
      long rest = (long) gets * (valueBytes + line.length + 2) + 5L * gets / 10 - line.length;
      assertEquals(rest, slow.socket().getInputStream().skip(rest));
      sender.join();
      assertEquals("END\r\n", slow.exchange("get nothing\r\n"));
    }
  }

  @Test
  void manyKeysInOneGet() throws IOException {
    int keys = 20_000;
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      StringBuilder sets = new StringBuilder();
      StringBuilder get = new StringBuilder("get");
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < keys; i++) {
        String value = "v".repeat(i % 50) + i;
        sets.append(
            "set key" + i + " " + i + " 0 " + value.length() + " noreply\r\n" + value + "\r\n");
        get.append(" key").append(i).append(" nothing").append(i);
        expected.append("VALUE key" + i + " " + i + " " + value.length() + "\r\n" + value + "\r\n");
      }
      client.exchange(sets.toString());
      assertEquals(expected + "END\r\n", client.exchange(get + "\r\n"));
    }
  }

  @Test
  void aLineWithoutAnEndEndsTheConnection() throws IOException {
    try (TestServer server = TestServer.start()) {
      try (RawClient client = server.connect()) {
        client.send("set " + "x".repeat(3_000));
        assertEquals(0, client.readAll().length);
      }
      try (RawClient client = server.connect()) {
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.send("get " + "x ".repeat(3 << 20));
                  } catch (IOException e) {
                    // The server has ended the connection.
                  }
                });
        assertFalse(new String(client.readAll(), StandardCharsets.US_ASCII).contains("END"));
      } catch (java.net.SocketException e) {
        // So it may show as well.
      }
    }
  }

  @Test
  void manyConnectionsComeAndGo() throws IOException {
    try (TestServer server = TestServer.start()) {
      for (int i = 0; i < CONNECTS; i++) {
        try (RawClient client = server.connect()) {
          // Resets rather than half-closes, so that ports are free again at once.
          client.socket().setSoLinger(true, 0);
          if (i % 50 == 0) {
            assertEquals("END\r\n", client.exchange("get a\r\n"));
          }
        }
      }
      // The last ones may still wait to be accepted.
      await(() -> server.server().stats().get("total_connections").equals("" + CONNECTS));
      await(() -> server.server().stats().get("curr_connections").equals("0"));
    }
  }

  @Test
  void silentConnectionsAreKept() throws IOException {
    int clients = 500;
    try (TestServer server = TestServer.start()) {
      List<RawClient> silent = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        silent.add(server.connect());
      }
      for (RawClient client : silent) {
        assertEquals("END\r\n", client.exchange("get a\r\n"));
      }
      assertEquals("" + clients, server.server().stats().get("curr_connections"));
      for (RawClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void figuresHaveMemcachedsNamesAndThoseOfFarMemory() throws IOException {
    try (TestServer server = TestServer.start();
        RawClient client = server.connect()) {
      client.exchange("set a 0 0 1\r\nx\r\nget a\r\nget b\r\nme nothing b\r\n");
      String stats = client.exchange("stats\r\n");
      for (String line :
          List.of(
              "cmd_get 2",
              "cmd_set 1",
              "get_hits 1",
              "get_misses 1",
              "cmd_meta 0",
              "curr_items 1",
              "total_connections 1",
              "threads 2",
              "pointer_size 64",
              "evictions 0")) {
        assertTrue(stats.contains("STAT " + line + "\r\n"), () -> line + " is not in\n" + stats);
      }
      for (String name :
          List.of(
              "pid",
              "uptime",
              "time",
              "version",
              "rusage_user",
              "curr_connections",
              "bytes_read",
              "bytes_written",
              "limit_maxbytes",
              "hash_bytes",
              "far_live_bytes",
              "far_local_bytes",
              "far_misses",
              "far_local_metadata_bytes",
              "far_lost_items",
              "far_page_fetches")) {
        assertTrue(stats.contains("STAT " + name + " "), () -> name + " is not in\n" + stats);
      }
      assertEquals("RESET\r\n", client.exchange("stats reset\r\n"));
      assertTrue(client.exchange("stats\r\n").contains("STAT get_hits 0\r\n"));
      assertTrue(client.exchange("stats settings\r\n").contains("STAT far_local_memory 64MiB"));
      assertTrue(client.exchange("stats items\r\n").contains("STAT items:1:number 1\r\n"));
      assertTrue(client.exchange("stats slabs\r\n").contains("STAT active_slabs 1\r\n"));
      assertTrue(client.exchange("stats conns\r\n").contains(":addr tcp:127.0.0.1:"));
      assertTrue(client.exchange("me a\r\n").startsWith("ME a exp=-1 la="));
    }
  }
}
