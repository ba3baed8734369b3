package io.farheap.apps.memcached.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.apps.memcached.Script;
import io.farheap.apps.memcached.TestServer;
import io.farheap.apps.memcached.work.ServerShared;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies do not depend on how the network cuts requests into packets, nor on which it joins. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SplitPacketsTest {
  private static final byte[] FLUSH = "flush_all\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Requests longer than this hold a large value, of which only the first bytes are cut. */
  private static final int LONG_BYTES = 10_000;

  private static final int MAX_CUT = 400;

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

  static List<Script> scripts() {
    return Script.all();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void cutAtEachByte(Script script) {
    int longest =
        script.steps().stream()
            .mapToInt(step -> length(step))
            .filter(n -> n < LONG_BYTES)
            .max()
            .orElse(0);
    for (int cut = 1; cut < Math.min(longest, MAX_CUT); cut++) {
      int at = cut;
      check(
          script,
          "cut at " + cut,
          (wire, bytes) -> {
            wire.say(Arrays.copyOf(bytes, Math.min(at, bytes.length)));
            if (at < bytes.length) {
              wire.say(Arrays.copyOfRange(bytes, at, bytes.length));
            }
          });
    }
  }

  private static int length(Script.Step step) {
    return Script.bytes(step.request(), new Script.Names()).length;
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void inSmallPieces(Script script) {
    for (int pieceBytes : new int[] {1, 2, 3, 7, 16, 100}) {
      check(
          script,
          "pieces of " + pieceBytes,
          (wire, bytes) -> {
            if (bytes.length < LONG_BYTES) {
              wire.say(bytes, pieceBytes);
            } else {
              wire.say(Arrays.copyOf(bytes, 100), pieceBytes);
              wire.say(Arrays.copyOfRange(bytes, 100, bytes.length), 1000 * pieceBytes + 1);
            }
          });
    }
  }

  private static void check(Script script, String how, BiConsumer<Wire, byte[]> say) {
    Script.Names names = new Script.Names();
    try (Wire wire = Wire.to(shared)) {
      wire.say(FLUSH);
      wire.heard();
      for (Script.Step step : script.steps()) {
        say.accept(wire, Script.bytes(step.request(), names));
        assertEquals(step.reply(), names.normal(wire.heard()), () -> how + ": " + step.request());
        assertEquals(step.ends(), !wire.isOpen(), step::request);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void allInOnePiece(Script script) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    StringBuilder expected = new StringBuilder();
    Script.Names names = new Script.Names();
    for (Script.Step step : script.steps()) {
      if (step.request().contains("{A}") || step.request().contains("{B}")) {
        break; // It needs what was answered before.
      }
      said.writeBytes(Script.bytes(step.request(), names));
      expected.append(step.reply());
    }
    try (Wire wire = Wire.to(shared)) {
      wire.say(FLUSH);
      wire.heard();
      wire.say(said.toByteArray());
      assertEquals(expected.toString(), names.normal(wire.heard()));
    }
  }
}
