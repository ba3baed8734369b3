package io.farheap.transport.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionOptionsTest {
  private static SessionOptions parse(String locator) {
    return SessionOptions.of(Locator.parse(locator), TransportOptions.defaults());
  }

  @Test
  void allSettingsAreRead() {
    List<SessionOptions> all =
        Locator.parse(
                "tcp://a:7070,[::1]:80?tls-ca=ca.pem&tls-cert=c.pem&tls-key=k.pem&token-file=t"
                    + "&connections=3&retry=2s&connect=1500ms")
            .each()
            .stream()
            .map(one -> SessionOptions.of(one, TransportOptions.defaults()))
            .toList();
    assertEquals(
        List.of(new ServerAddress("a", 7070), new ServerAddress("::1", 80)),
        all.stream().map(SessionOptions::server).toList());
    assertEquals("[::1]:80", all.get(1).server().toString());
    for (SessionOptions options : all) {
      assertEquals(Optional.of(Path.of("ca.pem")), options.tls().orElseThrow().authority());
      assertEquals(Optional.of(Path.of("t")), options.tokenFile());
      assertEquals(3, options.connections());
      assertEquals(2_000_000_000L, options.retryNanos());
      assertEquals(1_500_000_000L, options.connectNanos());
    }
  }

  @Test
  void littleNeedsToBeSaid() {
    SessionOptions options = parse("tcp://farheap.example:7070");
    assertTrue(options.tls().isEmpty() && options.tokenFile().isEmpty());
    assertTrue(parse("tcp://farheap.example:7070?tls=true").tls().isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "tcp:, //",
    "tcp:a:7070, key=value",
    "tcp::embedded:, wraps",
    "tcp://, HOST:PORT",
    "tcp://a, HOST:PORT",
    "tcp://a:0, HOST:PORT",
    "tcp://a:65536, HOST:PORT",
    "tcp://::1:80, HOST:PORT",
    "'tcp://a:1,', HOST:PORT",
    "'tcp://a:1,a:1', twice",
    "tcp://a:1?connections=0, connections",
    "tcp://a:1?nonsense=1, nonsense",
    "tcp://a:1?tls-cert=x, tls-key",
    "tcp://a:1?tls=false&tls-ca=x, contradicts",
    "tcp://a:1?retry=soon, retry"
  })
  void wrongLocatorsAreNamed(String locator, String expected) {
    LocatorException e =
        assertThrows(
            LocatorException.class,
            () ->
                Locator.parse(locator)
                    .each()
                    .forEach(one -> SessionOptions.of(one, TransportOptions.defaults())));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }
}
