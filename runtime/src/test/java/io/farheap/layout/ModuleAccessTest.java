package io.farheap.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.error.LayoutException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a module of their own, with class loader of its own, open to us or not. */
class ModuleAccessTest {
  private static ModuleLayer layer;

  @BeforeAll
  static void compileModule(@TempDir Path directory) throws IOException {
    Path source = directory.resolve("source");
    write(
        source.resolve("module-info.java"),
        "module guest { exports guest.shown; opens guest.open; }");
    write(
        source.resolve("guest/shown/Door.java"),
        """
        package guest.shown;

        public final class Door {
          public record Shown(int a, long b) {}

          record Kept(int a, Inside b) {}

          private record Inside(long c) {}

          public static java.lang.invoke.MethodHandles.Lookup lookup() {
            return java.lang.invoke.MethodHandles.lookup();
          }

          public static Object newShown() {
            return new Shown(1, 2);
          }

          public static Object newKept() {
            return new Kept(3, new Inside(4));
          }
        }
        """);
    write(
        source.resolve("guest/open/Open.java"),
        "package guest.open; record Open(int a, Part b) { record Part(byte c) {} }");
    String doubles =
        IntStream.range(0, 127).mapToObj(i -> "double d" + i).collect(Collectors.joining(", "));
    write(
        source.resolve("guest/open/Wide.java"),
        "package guest.open; record Wide(" + doubles + ") {}");
    write(
        source.resolve("guest/shut/Shut.java"), "package guest.shut; public record Shut(int a) {}");
    Path classes = directory.resolve("classes");
    StringWriter log = new StringWriter();
    int result =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                new PrintWriter(log),
                new PrintWriter(log),
                "-d",
                classes.toString(),
                source.resolve("module-info.java").toString(),
                source.resolve("guest/shown/Door.java").toString(),
                source.resolve("guest/open/Open.java").toString(),
                source.resolve("guest/open/Wide.java").toString(),
                source.resolve("guest/shut/Shut.java").toString());
    assertEquals(0, result, log::toString);
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("guest"));
    layer = ModuleLayer.boot().defineModulesWithOneLoader(configuration, null);
  }

  @Test
  void aPublicRecordOfAnExportedPackageIsReachable() throws ReflectiveOperationException {
    assertRoundTrips(door().getMethod("newShown").invoke(null));
  }

  @Test
  void aRecordOfAnOpenPackageIsReachable() throws ReflectiveOperationException {
    assertEquals(8, RecordLayout.of(guest("guest.open.Open")).lengthBytes());
  }

  @Test
  void moreComponentsThanAMethodHandleTakesAreRefused() throws ReflectiveOperationException {
    Class<? extends Record> wide = guest("guest.open.Wide");
    LayoutException e = assertThrows(LayoutException.class, () -> RecordLayout.of(wide));
    assertTrue(e.getMessage().contains("too many components"), e.getMessage());
  }

  @Test
  void aClosedPackageSaysWhatToOpenOrPass() throws ReflectiveOperationException {
    Class<? extends Record> shut = guest("guest.shut.Shut");
    LayoutException e = assertThrows(LayoutException.class, () -> RecordLayout.of(shut));
    assertTrue(e.getMessage().contains("\"opens guest.shut"), e.getMessage());
    assertTrue(e.getMessage().contains("module-info of guest"), e.getMessage());
    assertTrue(e.getMessage().contains("MethodHandles.lookup(), Shut.class"), e.getMessage());
    assertInstanceOf(IllegalAccessException.class, e.getCause());
  }

  @Test
  void aLookupOpensWhatItsClassCanReachForEverybodyAfterwards()
      throws ReflectiveOperationException {
    Class<? extends Record> kept = guest("guest.shown.Door$Kept");
    assertThrows(LayoutException.class, () -> RecordLayout.of(kept));
    MethodHandles.Lookup lookup = (MethodHandles.Lookup) door().getMethod("lookup").invoke(null);
    assertSame(RecordLayout.of(lookup, kept), RecordLayout.of(kept));
    assertRoundTrips(door().getMethod("newKept").invoke(null));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Record> void assertRoundTrips(Object value) {
    T typed = (T) value;
    Codec<T> codec = RecordLayout.of((Class<T>) typed.getClass()).codec();
    try (LocalBytes local = new LocalBytes(codec.lengthBytes(typed))) {
      local.write(codec, typed);
      assertEquals(typed, local.read(codec));
    }
  }

  private static Class<?> door() throws ClassNotFoundException {
    return layer.findLoader("guest").loadClass("guest.shown.Door");
  }

  private static Class<? extends Record> guest(String name) throws ClassNotFoundException {
    return layer.findLoader("guest").loadClass(name).asSubclass(Record.class);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
