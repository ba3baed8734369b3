package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.spotify.folsom.AsciiMemcacheClient;
import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.ConnectFuture;
import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheClient;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.apps.memcached.work.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.rubyeye.xmemcached.CASOperation;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.MemcachedClientBuilder;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.command.BinaryCommandFactory;
import net.rubyeye.xmemcached.command.TextCommandFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that users have work unchanged. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClientsTest {
  private static final long TIMEOUT_MILLIS = 30_000;
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static MemcachedClientBuilder builder(boolean binary) {
    MemcachedClientBuilder builder =
        new XMemcachedClientBuilder(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
    builder.setCommandFactory(binary ? new BinaryCommandFactory() : new TextCommandFactory());
    builder.setOpTimeout(TIMEOUT_MILLIS);
    builder.setConnectTimeout(TIMEOUT_MILLIS);
    return builder;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void xmemcached(boolean binary) throws Exception {
    MemcachedClient client = builder(binary).build();
    try {
      client.flushAll();
      assertNull(client.get("a"));
      assertTrue(client.set("a", 0, "hello"));
      assertEquals("hello", client.get("a"));
      assertFalse(client.add("a", 0, "other"));
      assertTrue(client.add("b", 0, List.of(1, 2, 3)));
      assertEquals(List.of(1, 2, 3), client.get("b"));
      assertTrue(client.replace("a", 0, "hello"));
      assertTrue(client.append("a", " world"));
      assertTrue(client.prepend("a", "well, "));
      assertEquals("well, hello world", client.get("a"));
      assertEquals(
          Map.of("a", "well, hello world", "b", List.of(1, 2, 3)),
          client.get(List.of("a", "b", "c")));
      GetsResponse<String> gets = client.gets("a");
      assertTrue(client.cas("a", 0, "new", gets.getCas()));
      assertFalse(client.cas("a", 0, "newer", gets.getCas()));
      assertTrue(
          client.cas(
              "a",
              0,
              new CASOperation<String>() {
                @Override
                public int getMaxTries() {
                  return 3;
                }

                @Override
                public String getNewValue(long version, String value) {
                  return value + "est";
                }
              }));
      assertEquals("newest", client.get("a"));
      assertEquals(10, client.incr("n", 5, 10));
      assertEquals(15, client.incr("n", 5, 10));
      assertEquals(12, client.decr("n", 3));
      assertTrue(client.touch("a", 100));
      if (binary) { // it has no gat for the text protocol
        assertEquals("newest", client.getAndTouch("a", 100));
      }
      assertTrue(client.delete("a"));
      assertNull(client.get("a"));
      byte[] large = new byte[900_000];
      assertTrue(client.set("large", 0, large));
      assertArrayEquals(large, client.<byte[]>get("large"));
      for (int i = 0; i < 1000; i++) {
        client.setWithNoReply("k" + i, 0, "v" + i);
      }
      for (int i = 0; i < 1000; i++) {
        assertEquals("v" + i, client.get("k" + i));
      }
      assertFalse(client.getVersions().isEmpty());
      assertTrue(client.getStats().values().iterator().next().containsKey("curr_items"));
    } finally {
      client.shutdown();
    }
  }

  @Test
  void folsomSaysWhoItIs(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("users");
    Files.writeString(file, "ann:secret\n");
    Optional<Credentials> users = Optional.of(Credentials.read(file));
    try (TestServer guarded = TestServer.start(config -> guarded(config, users))) {
      BinaryMemcacheClient<String> client =
          folsom(guarded).withUsernamePassword("ann", "secret").connectBinary();
      try {
        ConnectFuture.connectFuture(client).toCompletableFuture().get();
        assertEquals(MemcacheStatus.OK, await(client.set("a", "hello", 0)));
        assertEquals("hello", await(client.get("a")));
      } finally {
        client.shutdown();
      }
      AsciiMemcacheClient<String> text =
          folsom(guarded).withUsernamePassword("ann", "secret").connectAscii();
      try {
        ConnectFuture.connectFuture(text).toCompletableFuture().get();
        assertEquals("hello", await(text.get("a")));
      } finally {
        text.shutdown();
      }
    }
  }

  private static CacheConfig guarded(CacheConfig config, Optional<Credentials> users) {
    return new CacheConfig(
        config.listen(),
        config.threads(),
        config.maxConnections(),
        config.maxItemBytes(),
        users,
        config.tls(),
        config.flushing(),
        config.verbosity(),
        config.clockSeconds());
  }

  private static MemcacheClientBuilder<String> folsom(TestServer to) {
    return MemcacheClientBuilder.newStringClient()
        .withAddress("127.0.0.1", to.port())
        .withConnectionTimeoutMillis(TIMEOUT_MILLIS);
  }

  @Test
  void folsomText() throws Exception {
    AsciiMemcacheClient<String> client = folsom(server).connectAscii();
    try {
      ConnectFuture.connectFuture(client).toCompletableFuture().get();
      folsom(client);
      await(client.set("n", "5", 0));
      assertEquals(8L, await(client.incr("n", 3)));
      assertEquals(6L, await(client.decr("n", 2)));
    } finally {
      client.shutdown();
    }
  }

  @Test
  void folsomBinary() throws Exception {
    BinaryMemcacheClient<String> client = folsom(server).connectBinary();
    try {
      ConnectFuture.connectFuture(client).toCompletableFuture().get();
      folsom(client);
      assertEquals(7L, await(client.incr("counter", 3, 7, 0)));
      assertEquals(10L, await(client.incr("counter", 3, 7, 0)));
      assertEquals(8L, await(client.decr("counter", 2, 7, 0)));
    } finally {
      client.shutdown();
    }
  }

  private static void folsom(MemcacheClient<String> client) throws Exception {
    await(client.flushAll(0));
    assertNull(await(client.get("a")));
    assertEquals(MemcacheStatus.OK, await(client.set("a", "hello", 0)));
    assertEquals("hello", await(client.get("a")));
    assertEquals(MemcacheStatus.ITEM_NOT_STORED, await(client.add("a", "x", 0)));
    assertEquals(MemcacheStatus.OK, await(client.replace("a", "y", 0)));
    assertEquals(MemcacheStatus.OK, await(client.append("a", "z")));
    assertEquals(MemcacheStatus.OK, await(client.prepend("a", "x")));
    GetResult<String> result = await(client.casGet("a"));
    assertEquals("xyz", result.getValue());
    assertEquals(MemcacheStatus.OK, await(client.set("a", "new", 0, result.getCas())));
    assertEquals(MemcacheStatus.KEY_EXISTS, await(client.set("a", "newer", 0, result.getCas())));
    assertEquals(MemcacheStatus.OK, await(client.touch("a", 100)));
    assertEquals(java.util.Arrays.asList("new", null), await(client.get(List.of("a", "b"))));
    assertEquals(MemcacheStatus.OK, await(client.delete("a")));
    assertEquals(MemcacheStatus.KEY_NOT_FOUND, await(client.delete("a")));
  }

  private static <T> T await(java.util.concurrent.CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
