package io.farheap.apps.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load against a server that does right, and one that does wrong in every way. */
class LoadGeneratorTest {
  private static final int KEYS = 300;
  private static final Duration SHORT = Duration.ofMillis(100);

  private TinyServer server;

  @BeforeEach
  void start() throws IOException {
    server = new TinyServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Shape shape(String more) throws IOException {
    return ShapeReader.read(
        "test", new StringReader("get 0.7\nzipf 0.9\nresize yes\nkey 1-60 1\n" + more));
  }

  private LoadGenerator load(int threads, int depth, Shape shape) {
    return new LoadGenerator(
        new LoadSettings(server.address(), threads, 2 * threads, depth, KEYS, shape, true, 7));
  }

  @Test
  void everyKeyIsStoredAndFound() throws IOException {
    try (LoadGenerator load = load(2, 4, shape("value 0-300 1\nmultiget 3"))) {
      LoadResult stored = load.store();
      assertEquals(KEYS, stored.stored());
      assertEquals(KEYS, server.items.size());
      assertEquals(KEYS, load.readAll().hits());
      LoadResult mixed = load.closed(SHORT);
      assertTrue(mixed.gets() > 0 && mixed.sets() > 0, mixed::toString);
      assertEquals(3 * mixed.gets(), mixed.hits());
      assertEquals(mixed.gets(), mixed.get().count());
      assertEquals(KEYS, load.readAll().hits());
    }
    assertTrue(server.items.keySet().stream().allMatch(key -> key.length() <= 60));
  }

  @Test
  void repliesMayComeInPieces() throws IOException {
    server.piece = 3;
    try (LoadGenerator load = load(1, 3, shape("value 0-3000 1\nmultiget 2"))) {
      load.store();
      assertEquals(KEYS, load.readAll().hits());
      load.closed(SHORT);
      assertEquals(KEYS, load.readAll().hits());
    }
  }

  @Test
  void valuesLargerThanAnyBuffer() throws IOException {
    try (LoadGenerator load = load(1, 2, shape("value 200000 1"))) {
      assertEquals(KEYS, load.store().stored());
      assertEquals(KEYS, load.readAll().hits());
      assertTrue(load.closed(SHORT).hits() > 0);
    }
  }

  @Test
  void missesAreStored() throws IOException {
    try (LoadGenerator load = load(1, 1, shape("value 10 1\nget 1"))) {
      LoadResult result = load.closed(SHORT);
      assertTrue(result.misses() > 0);
      assertTrue(result.sets() > 0);
      assertEquals(server.items.size(), load.readAll().hits());
    }
  }

  @Test
  void aPacedLoadSendsWhatIsDue() throws IOException {
    try (LoadGenerator load = load(2, 8, shape("value 10 1"))) {
      load.store();
      LoadResult result = load.open(Duration.ofMillis(200), 2000);
      // A Poisson process of 400: less than 200 happens once in 10^26.
      assertTrue(result.operations() + result.unsent() > 200, result::toString);
      assertEquals(result.operations(), result.lag().count());
    }
  }

  @Test
  void aChangedByteIsFound() throws IOException {
    server.onSet =
        (old, item) -> {
          byte[] value = item.value().clone();
          value[value.length - 1] ^= 1;
          return new TinyServer.Item(item.words(), value);
        };
    try (LoadGenerator load = load(1, 1, shape("value 1-100 1"))) {
      load.store();
      assertThrows(WrongValueException.class, load::readAll);
      assertThrows(IllegalStateException.class, load::readAll);
    }
  }

  @Test
  void anotherLengthIsFound() throws IOException {
    server.onSet =
        (old, item) ->
            new TinyServer.Item(
                item.words().replaceAll(" .*", " 2"), Arrays.copyOf(item.value(), 2));
    try (LoadGenerator load = load(1, 1, shape("value 3-100 1"))) {
      load.store();
      assertThrows(WrongValueException.class, load::readAll);
    }
  }

  @Test
  void anOldVersionIsFound() throws IOException {
    server.onSet = (old, item) -> old == null ? item : old;
    try (LoadGenerator load = load(1, 1, shape("value 10 1"))) {
      load.store();
      assertThrows(WrongValueException.class, () -> load.closed(Duration.ofSeconds(10)));
    }
  }

  @Test
  void anotherKeysValueIsFound() throws IOException {
    try (LoadGenerator load = load(1, 1, shape("value 10 1"))) {
      load.store();
      TinyServer.Item any = server.items.values().iterator().next();
      server.items.replaceAll((key, item) -> any);
      assertThrows(WrongValueException.class, load::readAll);
    }
  }

  @Test
  void aServerThatIsFullIsCounted() throws IOException {
    server.setAnswer = "SERVER_ERROR out of memory storing object";
    try (LoadGenerator load = load(1, 4, shape("value 10 1"))) {
      LoadResult stored = load.store();
      assertEquals(KEYS, stored.errors());
      assertEquals(0, stored.stored());
      // Whether it kept them is not known, so both is right.
      assertEquals(KEYS, load.readAll().hits());
      server.items.clear();
      assertEquals(KEYS, load.readAll().misses());
    }
  }

  @Test
  void aServerThatDoesNotUnderstandEndsTheLoad() throws IOException {
    server.setAnswer = "ERROR";
    try (LoadGenerator load = load(1, 1, shape("value 10 1"))) {
      assertThrows(LoadException.class, load::store);
    }
  }

  @Test
  void aServerThatClosesEndsTheLoad() throws IOException {
    server.closesAfter = 100;
    try (LoadGenerator load = load(1, 2, shape("value 10 1"))) {
      load.store();
      assertThrows(LoadException.class, load::readAll);
    }
  }

  @Test
  void nobodyThere() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    LoadSettings settings =
        new LoadSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            1,
            1,
            1,
            KEYS,
            shape("value 10 1"),
            true,
            7);
    assertThrows(LoadException.class, () -> new LoadGenerator(settings));
  }
}
