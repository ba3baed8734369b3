package io.farheap.base.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  @TempDir private Path folder;

  @Test
  void eachEntryKnowsItsLine() throws IOException {
    Map<String, SettingText> entries =
        read(
            "# sizes\n\nlocal-memory = 1GiB\n  far-memory: \\\n   4GiB\n! end\nmode PAGING_ONLY\n");
    assertEquals("1GiB", entries.get("local-memory").text());
    assertTrue(entries.get("local-memory").origin().endsWith("farheap.properties:3"));
    assertEquals("4GiB", entries.get("far-memory").text());
    assertTrue(entries.get("far-memory").origin().endsWith(":4"));
    assertTrue(entries.get("mode").origin().endsWith(":7"));
    assertEquals(3, entries.size());
  }

  @Test
  void anEscapedBackslashContinuesNothing() throws IOException {
    Map<String, SettingText> entries = read("far-locator = x:\\\\\\\\\nmode = HYBRID\n");
    assertEquals("x:\\\\", entries.get("far-locator").text());
    assertTrue(entries.get("mode").origin().endsWith(":2"));
  }

  @Test
  void aKeyStandsOnce() {
    SettingException e =
        assertThrows(SettingException.class, () -> read("mode=HYBRID\nfarheap.mode=OBJECT_ONLY\n"));
    assertTrue(e.getMessage().contains("properties:2"), e.getMessage());
    assertTrue(e.getMessage().contains("properties:1"), e.getMessage());
  }

  @Test
  void aBadEscapeIsNamedWithItsLine() {
    SettingException e = assertThrows(SettingException.class, () -> read("\nmode=\\u12\n"));
    assertTrue(e.origin().endsWith(":2"), e.getMessage());
  }

  @Test
  void whatCannotBeReadIsNamedWithWhoNamedIt() throws IOException {
    Path absent = folder.resolve("absent");
    SettingException e = assertThrows(SettingException.class, () -> read(absent, "environment X"));
    assertEquals("environment X", e.origin());
    assertEquals(absent.toString(), e.value());

    Path binary = folder.resolve("binary");
    Files.write(binary, new byte[] {'a', '=', (byte) 0xff, (byte) 0xfe});
    assertThrows(SettingException.class, () -> read(binary, "test"));

    Path huge = folder.resolve("huge");
    Files.write(huge, new byte[(1 << 20) + 1]);
    assertThrows(SettingException.class, () -> read(huge, "test"));
  }

  @Test
  void agreesWithPropertiesOnAnyText() throws IOException {
    String alphabet = "ab=: \\\\\n\n\t#!\r\f";
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Properties expected = new Properties();
      expected.load(new StringReader(text.toString()));
      // Two stray backslashes are two entries of nothing to Properties, and none to us.
      expected.remove("");
      Map<String, String> entries;
      try {
        entries =
            SettingsFile.read(text.toString().lines().toList(), "test", "farheap.")
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text()));
      } catch (SettingException e) {
        assertTrue(e.getMessage().contains("each key once"), "seed " + seed + ": " + e);
        continue;
      }
      entries.remove("");
      assertEquals(expected, entries, "seed " + seed + ": " + text);
    }
  }

  private Map<String, SettingText> read(String text) throws IOException {
    Path file = folder.resolve("farheap.properties");
    Files.writeString(file, text);
    return read(file, "test");
  }

  private static Map<String, SettingText> read(Path file, String origin) {
    return SettingsFile.read(new SettingText("config", file.toString(), origin), "farheap.");
  }
}
