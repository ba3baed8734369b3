package io.farheap.base.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:7070, localhost, 7070",
    "a.example-1:0, a.example-1, 0",
    "192.0.2.7:65535, 192.0.2.7, 65535",
    "[::1]:80, ::1, 80",
    "[2001:db8::7]:00080, 2001:db8::7, 80",
    "[fe80::1%eth0]:5, fe80::1%eth0, 5",
  })
  void readsAHostWithItsPort(String text, String host, int port) {
    assertEquals(new HostPort(host, port), HostPort.parse(text));
    assertEquals(new HostPort(host, port), HostPort.parse(text, 11211));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost",
    "192.0.2.7, 192.0.2.7",
    "[::1], ::1",
    "::1, ::1",
    "2001:db8::7, 2001:db8::7"
  })
  void readsAHostWithoutItsPortWhereThereIsADefault(String text, String host) {
    assertEquals(new HostPort(host, 11211), HostPort.parse(text, 11211));
    assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "a:",
        "a:65536",
        "a:123456",
        "a:-1",
        "a:x",
        "a b:1",
        "a/b:1",
        "[a:1",
        "a]:1",
        "[::1:80",
        "[host]:1",
        "[]:1",
        "g:1:2",
        "tcp://a:1",
        "a:1 ",
        "\u0663:1 x"
      })
  void refusesWhatIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text, 7));
  }

  @Test
  void readsBackWhatItWrites() {
    for (HostPort place : new HostPort[] {new HostPort("a", 1), new HostPort("::1", 2)}) {
      assertEquals(place, HostPort.parse(place.toString()));
    }
  }

  @Test
  void looksUpItsHost() {
    assertEquals("/127.0.0.1:9", HostPort.parse("127.0.0.1:9").resolve().toString());
    assertFalse(HostPort.parse("[::1]:9").resolve().isUnresolved());
  }

  @Test
  void anyTextIsReadOrRefused() {
    SplittableRandom random = new SplittableRandom(55);
    String alphabet = "ab1.:[]%/ -9\u0000";
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        HostPort place = HostPort.parse(text.toString());
        assertEquals(place, HostPort.parse(place.toString()), text::toString);
        read++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("not HOST:PORT"), text::toString);
      }
    }
    assertTrue(read > 100, "only " + read + " texts were places");
  }
}
