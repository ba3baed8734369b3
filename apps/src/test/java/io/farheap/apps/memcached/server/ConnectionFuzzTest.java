package io.farheap.apps.memcached.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.farheap.apps.memcached.Script;
import io.farheap.apps.memcached.TestServer;
import io.farheap.apps.memcached.work.Count;
import io.farheap.apps.memcached.work.ServerShared;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a client says, the server answers or ends the connection, and serves the others on.
 *
 * <p>The fuzz test runs its stored inputs in ordinary runs, and searches for new ones when the
 * environment has {@code JAZZER_FUZZ=1}; the seeded test beside it tries damaged scripts always.
 */
class ConnectionFuzzTest {
  private static final long SEED = 11;
  private static final int INPUTS = 3_000;
  private static final int MAX_BYTES = 4_000;

  private static TestServer items;
  private static ServerShared shared;

  @BeforeAll
  static void start() {
    items = TestServer.start();
    shared = Wire.shared(items);
  }

  @AfterAll
  static void stop() {
    items.close();
  }

  @FuzzTest(maxDuration = "5m")
  void anythingIsAnsweredOrEnded(byte[] input) {
    say(input, input.length == 0 ? 1 : 1 + (input[0] & 0x3F));
    checkAlive();
  }

  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void damagedScriptsAreAnsweredOrEnded() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<byte[]> requests = new ArrayList<>();
    for (Script script : Script.all()) {
      for (Script.Step step : script.steps()) {
        byte[] bytes = Script.bytes(step.request(), new Script.Names());
        if (bytes.length < MAX_BYTES) {
          requests.add(bytes);
        }
      }
    }
    for (int i = 0; i < INPUTS; i++) {
      java.io.ByteArrayOutputStream input = new java.io.ByteArrayOutputStream();
      if (i % 4 == 0) {
        input.writeBytes(binary(random));
      }
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        byte[] bytes = requests.get(random.nextInt(requests.size())).clone();
        if (bytes.length > 0 && random.nextInt(3) > 0) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        input.write(
            bytes, 0, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
      }
      say(input.toByteArray(), 1 + random.nextInt(200));
    }
    checkAlive();
  }

  /** A request of the binary protocol with sensible and other numbers. */
  private static byte[] binary(SplittableRandom random) {
    int extras = new int[] {0, 4, 8, 20, random.nextInt(256)}[random.nextInt(5)];
    int key = new int[] {0, 1, 5, 250, random.nextInt(1 << 16)}[random.nextInt(5)];
    int body = random.nextInt(4) == 0 ? random.nextInt() : extras + key + random.nextInt(20);
    byte[] bytes = new byte[24 + Math.clamp(body, 0, MAX_BYTES)];
    random.nextBytes(bytes);
    java.nio.ByteBuffer.wrap(bytes)
        .put(0, (byte) 0x80)
        .put(1, (byte) random.nextInt(0x28))
        .putShort(2, (short) key)
        .put(4, (byte) extras)
        .putInt(8, body);
    return bytes;
  }

  private static void say(byte[] input, int pieceBytes) {
    try (Wire wire = Wire.to(shared)) {
      wire.say(input, pieceBytes);
      wire.heard();
    }
    assertEquals(
        0, shared.counts().sum(Count.REQUEST_FAILURES), () -> "a request failed; seed " + SEED);
  }

  private static void checkAlive() {
    try (Wire wire = Wire.to(shared)) {
      wire.say("set alive 0 0 3\r\nyes\r\nget alive\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          "STORED\r\nVALUE alive 0 3\r\nyes\r\nEND\r\n",
          new String(wire.heard(), StandardCharsets.US_ASCII));
    }
  }
}
