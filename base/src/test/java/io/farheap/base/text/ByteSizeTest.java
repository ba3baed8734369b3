package io.farheap.base.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "4096B, 4096",
    "1k, 1024",
    "1KiB, 1024",
    "512MiB, 536870912",
    "512mib, 536870912",
    "512m, 536870912",
    "' 4 GiB ', 4294967296",
    "1.5g, 1610612736",
    "0.5KiB, 512",
    "2TiB, 2199023255552",
    "9223372036854775807, 9223372036854775807",
  })
  void readsSizes(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "MiB",
        "12 potatoes",
        "512MB",
        "512KB",
        "0x10",
        "1e3",
        "1,5GiB",
        "1.GiB",
        ".5GiB",
        "1GiB1",
        "NaN",
        "25%",
        "٣MiB",
        "0.3B",
        "9223372036854775808",
        "8388608TiB",
        "000000000000000000000000000000001",
      })
  void refusesWhatIsNoSize(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0B, 0 B",
    "1023, 1023B, 1023 B",
    "1024, 1KiB, 1 KiB",
    "4194305, 4194305B, 4.0 MiB",
    "536870912, 512MiB, 512 MiB",
    "1610612736, 1536MiB, 1.5 GiB",
    "1152921504606846976, 1048576TiB, 1048576 TiB",
  })
  void writesSizes(long bytes, String exact, String text) {
    assertEquals(exact, ByteSize.format(bytes));
    assertEquals(text, ByteSize.text(bytes));
  }

  @Test
  void readsBackWhatItWrites() {
    SplittableRandom random = new SplittableRandom(20251121);
    for (int i = 0; i < 100_000; i++) {
      long bytes = random.nextLong() >>> random.nextInt(1, 64);
      bytes &= -1L << random.nextInt(64);
      assertEquals(bytes, ByteSize.parse(ByteSize.format(bytes)));
    }
  }

  @Test
  void anyTextIsReadRightOrRefused() {
    long seed = 771;
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "0123456789.. kKmMgGtTiIbB%-+e,\u0000٣";
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        long bytes = ByteSize.parse(text.toString());
        assertEquals(
            0, expected(text.toString()).compareTo(BigDecimal.valueOf(bytes)), text::toString);
        read++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage() != null && !(e instanceof NumberFormatException), text::toString);
      }
    }
    assertTrue(read > 1000, "only " + read + " texts were sizes; seed " + seed);
  }

  /** A second way to the same number: digits, then the letter that starts the unit. */
  private static BigDecimal expected(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int end = 0;
    while (end < lower.length() && "0123456789.".indexOf(lower.charAt(end)) >= 0) {
      end++;
    }
    String unit = lower.substring(end).strip();
    BigDecimal factor = BigDecimal.ONE;
    for (int i = unit.isEmpty() ? 0 : "bkmgt".indexOf(unit.charAt(0)); i > 0; i--) {
      factor = factor.multiply(BigDecimal.valueOf(1024));
    }
    return new BigDecimal(lower.substring(0, end)).multiply(factor);
  }
}
