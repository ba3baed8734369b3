package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.testing.process.ChildProcess;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The text and meta protocols, byte for byte; the same is asked of memcached where there is one.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceTest {
  /** What memcached is not asked. */
  private static final String OURS = "farheap: ";

  private TestServer ours;
  private ChildProcess real;

  @BeforeAll
  void start() {
    ours = TestServer.start();
  }

  @AfterAll
  void stop() {
    ours.close();
    if (real != null) {
      real.close();
    }
  }

  static List<Script> scripts() {
    return Script.all();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void farheapAnswersSo(Script script) throws IOException {
    check(script, ours.port());
  }

  static List<Script> common() {
    return Script.all().stream().filter(script -> !script.name().startsWith(OURS)).toList();
  }

  @ParameterizedTest
  @MethodSource("common")
  void memcachedAnswersSo(Script script) throws IOException {
    if (real == null) {
      real = Reference.start();
    }
    check(script, real.port());
  }

  private static void check(Script script, int port) throws IOException {
    Script.Names names = new Script.Names();
    try (RawClient client = new RawClient(port)) {
      client.exchange("flush_all\r\n");
      for (Script.Step step : script.steps()) {
        byte[] reply = client.exchange(Script.bytes(step.request(), names));
        assertEquals(step.reply(), names.normal(reply), step::request);
        assertEquals(step.ends(), client.isEnded(), step::request);
      }
    }
  }
}
