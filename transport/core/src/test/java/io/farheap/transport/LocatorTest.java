package io.farheap.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.embedded.EmbeddedOptions;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocatorTest {
  private static final TransportOptions OPTIONS = TransportOptions.defaults();

  @Test
  void partsOfALocator() {
    Locator plain = Locator.parse("embedded:");
    assertEquals("embedded", plain.scheme());
    assertEquals("", plain.place());
    assertTrue(plain.settings().asMap().isEmpty());
    assertTrue(plain.inner().isEmpty());

    Locator tcp = Locator.parse("tcp://host:7000?timeout=3s&x=");
    assertEquals("tcp", tcp.scheme());
    assertEquals("//host:7000", tcp.place());
    assertEquals(Map.of("timeout", "3s", "x", ""), tcp.settings().asMap());

    Locator faulty = Locator.parse("faulty:seed=42&drop=0.01:embedded:?latency=5us");
    assertEquals(Map.of("seed", "42", "drop", "0.01"), faulty.settings().asMap());
    assertEquals(Locator.parse("embedded:?latency=5us"), faulty.inner().orElseThrow());
    assertEquals("//h:1", Locator.parse("faulty::tcp://h:1").inner().orElseThrow().place());
    assertEquals("a/b:c", Locator.parse("shm:a/b:c").place());
    assertEquals("x:y", Locator.parse("embedded:?k=x:y").settings().asMap().get("k"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embedded:",
        "embedded:?latency=5us&nanosPerByte=0.125&capacity=4GiB&slab=64MiB&thread=true",
        "tcp://host:1",
        "faulty:seed=42&drop=0.01:embedded:",
        "faulty::faulty:seed=1:tcp://h:1?a=b",
        "shm:a/b:c"
      })
  void textParsesToAnEqualLocator(String text) {
    Locator locator = Locator.parse(text);
    assertEquals(text, locator.toString());
    assertEquals(locator, Locator.parse(locator.toString()));
    assertEquals(locator.hashCode(), Locator.parse(text).hashCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|empty",
        "embedded|begin with a scheme",
        ":|begin with a scheme",
        "Embedded:|begin with a scheme",
        "9p:|begin with a scheme",
        "embedded:?latency|not key=value",
        "embedded:?=5us|not key=value",
        "embedded:?a=1&&b=2|not key=value",
        "embedded:?a=1&|not key=value",
        "embedded:?a=1&a=2|given twice",
        "embedded:? a=1|blank",
        "embedded:?a=\u00e9|printable",
        "faulty:drop:embedded:|'drop' is not key=value",
        "faulty:a=1:|begin with a scheme",
        "faulty:a=1:nothing|begin with a scheme",
        "a::a::a::a::a::a::a::a::embedded:|wraps at most 7",
      })
  void malformedLocatorsAreRefused(String text, String reason) {
    LocatorException e = assertThrows(LocatorException.class, () -> Locator.parse(text));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "embedded:x|nothing but settings",
        "embedded:a=1:embedded:|nothing but settings",
        "embedded:?latancy=5us|latancy = '5us' is not allowed; use the key latency (all keys: ",
        "embedded:?latency=5|latency = '5' is not allowed; use a span of time with its unit",
        "embedded:?latency=five|latency = 'five' is not allowed; use a span of time",
        "embedded:?latency=-5us|latency = '-5us' is not allowed; use a span of time",
        "embedded:?latency=5us5|latency = '5us5' is not allowed; use a span of time",
        "embedded:?latency=61s|latency = '61s' is not allowed; use a span of time with its unit,"
            + " such as 200ms or 5s from 0ns to 1min",
        "embedded:?latency=999999999999999999s|5s from 0ns to 1min",
        "embedded:?nanosPerByte=x|nanosPerByte = 'x' is not allowed; use a number",
        "embedded:?nanosPerByte=NaN|nanosPerByte = 'NaN' is not allowed; use a number",
        "embedded:?nanosPerByte=9999999|use a number such as 0.125 from 0 to 1",
        "embedded:?capacity=1GB|capacity = '1GB' is not allowed; use a size such as 512MiB",
        "embedded:?capacity=999999TiB|or 4GiB from 64MiB to 64TiB",
        "embedded:?capacity=0|capacity = '0' is not allowed; use a size such as 512MiB or 4GiB from"
            + " 64MiB",
        "embedded:?slab=3MiB|slab = '3MiB' is not allowed; use a size such as 512MiB or 4GiB, a"
            + " power of two from 4KiB to 1GiB",
        "embedded:?slab=2GiB|slab = '2GiB' is not allowed; use a size such as 512MiB or 4GiB from"
            + " 4KiB",
        "embedded:?slab=1KiB|slab = '1KiB' is not allowed; use a size such as 512MiB or 4GiB from"
            + " 4KiB",
        "embedded:?slab=4KiB&capacity=1TiB|choose a capacity",
        "embedded:?thread=yes|thread = 'yes' is not allowed; use true or false",
        "faulty:seed=1:embedded:|there are [embedded, pool, shm, tcp]",
      })
  void wrongSettingsAreNamed(String text, String reason) {
    LocatorException e = assertThrows(LocatorException.class, () -> Transports.open(text, OPTIONS));
    assertTrue(e.getMessage().contains(reason.replace('\'', '"')), e.getMessage());
  }

  @Test
  void settingsTakePrecedenceOverOptions() {
    EmbeddedOptions options =
        EmbeddedOptions.of(
            Locator.parse("embedded:?latency=1.5us&nanosPerByte=0.125&slab=2MiB&thread=true"),
            OPTIONS.withCapacityBytes(1L << 30));
    assertEquals(
        new EmbeddedOptions(1L << 30, 2L << 20, 1500, 0.125, true, OPTIONS.clock()), options);
  }

  @Test
  void opensByLocator() {
    try (FarMemory memory = Transports.open("embedded:?slab=64KiB&capacity=1MiB", OPTIONS)) {
      assertEquals(64 << 10, memory.slabBytes());
      assertEquals(16, memory.statistics().slabCapacity());
    }
  }

  /** Whatever the text, the only exception is the typed one, and what parses prints itself. */
  @Test
  void noTextDoesAnythingElse() {
    List<String> pieces =
        List.of(
            "embedded:",
            "faulty:",
            "tcp://",
            "?",
            "&",
            "=",
            ":",
            "/",
            "seed=",
            "drop=",
            "0.5",
            "1",
            "latency=",
            "5us",
            "slab=",
            "capacity=",
            "4KiB",
            "thread=",
            "true",
            "-",
            "\u0000",
            "\ud800",
            "99999999999999999999",
            "a",
            " ",
            "%",
            ".",
            "+",
            "nanosPerByte=",
            "e9",
            "\n");
    int parsed = 0;
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "embedded:?");
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(
            random.nextInt(8) == 0
                ? String.valueOf((char) random.nextInt(0x250))
                : pieces.get(random.nextInt(pieces.size())));
      }
      try {
        Locator locator = Locator.parse(text.toString());
        parsed++;
        assertEquals(locator, Locator.parse(locator.toString()), "seed " + seed);
        EmbeddedOptions.of(locator, OPTIONS);
      } catch (LocatorException e) {
        assertTrue(e.getMessage().length() > 5);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ": '" + text + "'", e);
      }
    }
    assertTrue(parsed > 1000, "only " + parsed + " texts were locators");
    assertThrows(LocatorException.class, () -> Locator.parse("a::".repeat(100_000)));
    assertThrows(LocatorException.class, () -> Locator.parse(null));
  }

  @ParameterizedTest
  @CsvSource({
    "rdma://h:1,add io.farheap:farheap-rdma to the class or module path",
    "faulty::embedded:,add io.farheap:farheap-testing to the class or module path",
    "nobodys:,'there are [embedded, pool, shm, tcp]'"
  })
  void aSchemeThatNobodyServesNamesWhatIsMissing(String text, String advice) {
    LocatorException e =
        assertThrows(
            LocatorException.class, () -> Transports.open(text, TransportOptions.defaults()));
    assertTrue(e.getMessage().contains(advice), e.getMessage());
  }
}
