package io.farheap.base.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingTextTest {
  private static SettingText text(String text) {
    return new SettingText("key", text, "file:7");
  }

  private static void refused(String allowed, Runnable reader) {
    SettingException e = assertThrows(SettingException.class, reader::run);
    assertEquals("key", e.key());
    assertEquals("file:7", e.origin());
    assertTrue(e.allowed().contains(allowed), e.getMessage());
    assertEquals(
        "file:7: key = \"" + e.value() + "\" is not allowed; use " + e.allowed(), e.getMessage());
  }

  @Test
  void readsWhatItIsToBe() {
    assertEquals(3 << 20, text("3MiB").bytes(0, 1 << 30));
    assertEquals(1 << 20, text("1m").powerOfTwoBytes(0, 1 << 30));
    assertEquals(1_500_000, text("1.5ms").nanos(0, Long.MAX_VALUE));
    assertEquals(-7, text("-7").integer(-10, 10));
    assertEquals(Long.MIN_VALUE, text("-9223372036854775808").integer(Long.MIN_VALUE, 0));
    assertEquals(0.125, text("0.125").real(1));
    assertTrue(text("true").flag());
    assertFalse(text("false").flag());
    assertEquals(Path.of("a/b"), text("a/b").path());
    assertEquals("rdma-2", text("rdma-2").name());
  }

  @Test
  void whatItIsNotIsRefusedWithWhatWouldBeAccepted() {
    refused(
        "a size such as 512MiB or 4GiB from 1KiB to 1MiB", () -> text("1GB").bytes(1024, 1 << 20));
    refused("from 1KiB to 1MiB", () -> text("1023").bytes(1024, 1 << 20));
    refused("from 1KiB to 1MiB", () -> text("2MiB").bytes(1024, 1 << 20));
    refused("a power of two from 1KiB to 4MiB", () -> text("3MiB").powerOfTwoBytes(1024, 4 << 20));
    refused("from 1ms to 5s", () -> text("6s").nanos(1_000_000, 5_000_000_000L));
    refused("with its unit", () -> text("6").nanos(0, 5));
    refused("a whole number from 1 to 64", () -> text("65").integer(1, 64));
    refused("a whole number from 1 to 64", () -> text("99999999999999999999").integer(1, 64));
    refused("a whole number", () -> text("1e3").integer(1, 64));
    refused("from 0 to 1.0", () -> text("1.5").real(1));
    refused("a number", () -> text("NaN").real(1));
    refused("true or false", () -> text("yes").flag());
    refused("a path", () -> text("").path());
    refused("a path", () -> text("\u0000").path());
    refused("a name", () -> text("A b").name());
  }

  @Test
  void anExceptionMovesToTheRightPlace() {
    SettingException first = text("x").wrong("y");
    SettingException second = first.at("environment KEY");
    assertEquals("environment KEY", second.origin());
    assertEquals("environment KEY: key = \"x\" is not allowed; use y", second.getMessage());
    assertSame(first, second.getCause());
  }

  @Test
  void variablesAreKeysInCapitals() {
    Map<String, SettingText> read =
        SettingVariables.read(
            Map.of("A_TLS_CERT", " c ", "A_Z", "1", "B_TLS", "no", "A", "no", "PATH", "no"), "A_");
    assertEquals(List.of("tls-cert", "z"), List.copyOf(read.keySet()));
    assertEquals(new SettingText("tls-cert", "c", "environment A_TLS_CERT"), read.get("tls-cert"));
  }

  @Test
  void aMisspeltKeyIsTakenForTheNearest() {
    SettingNames names = new SettingNames(List.of("memory", "memory-file", "tls-ca", "slab"));
    assertEquals(Optional.of("memory"), names.nearest("memroy"));
    assertEquals(Optional.of("memory-file"), names.nearest("MEMORY_FLIE"));
    assertEquals(Optional.of("tls-ca"), names.nearest("tls-ac"));
    assertEquals(Optional.of("slab"), names.nearest("slab"));
    assertEquals(Optional.empty(), names.nearest("slots"), "half of a short key");
    assertEquals(Optional.empty(), names.nearest("frobnicate"));
    assertEquals(
        "file:7: slap = \"1\" is not allowed; use the key slab"
            + " (all keys: memory, memory-file, tls-ca, slab)",
        names.unknown(new SettingText("slap", "1", "file:7")).getMessage());
    assertEquals("one of the keys memory, memory-file, tls-ca, slab", names.advice("frobnicate"));
  }
}
