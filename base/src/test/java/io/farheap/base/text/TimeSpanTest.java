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

class TimeSpanTest {
  @ParameterizedTest
  @CsvSource({
    "0s, 0",
    "1ns, 1",
    "3us, 3000",
    "3µs, 3000",
    "200ms, 200000000",
    "5s, 5000000000",
    "' 5 S ', 5000000000",
    "1.5s, 1500000000",
    "2m, 120000000000",
    "2min, 120000000000",
    "1h, 3600000000000",
    "0.5us, 500",
  })
  void readsSpans(String text, long nanos) {
    assertEquals(nanos, TimeSpan.parseNanos(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-5s",
        "5 seconds",
        "5d",
        "1e3s",
        "PT5S",
        "0.5ns",
        "5s5",
        "2562048h",
        "9223372036854775808ns",
        "0000000000000000000000000000000001s",
      })
  void refusesWhatIsNoSpan(String text) {
    assertThrows(IllegalArgumentException.class, () -> TimeSpan.parseNanos(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0ns",
    "200000000, 200ms",
    "60000000000, 1min",
    "7200000000000, 2h",
    "1001, 1001ns"
  })
  void writesSpans(long nanos, String text) {
    assertEquals(text, TimeSpan.format(nanos));
  }

  @Test
  void readsBackWhatItWrites() {
    SplittableRandom random = new SplittableRandom(20251121);
    long[] units = {1, 1_000, 1_000_000, 1_000_000_000, 60_000_000_000L, 3_600_000_000_000L};
    for (int i = 0; i < 100_000; i++) {
      long unit = units[random.nextInt(units.length)];
      long nanos = (random.nextLong() >>> random.nextInt(1, 64)) / unit * unit;
      assertEquals(nanos, TimeSpan.parseNanos(TimeSpan.format(nanos)));
    }
  }

  @Test
  void anyTextIsReadOrRefusedWithAReason() {
    long seed = 772;
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "0123456789. nuµmsinh%-+e\u0000٣";
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(10); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        assertTrue(TimeSpan.parseNanos(text.toString()) >= 0, text::toString);
        read++;
      } catch (IllegalArgumentException e) {
        assertFalse(e instanceof NumberFormatException, text::toString);
      }
    }
    assertTrue(read > 1000, "only " + read + " texts were spans; seed " + seed);
  }
}
