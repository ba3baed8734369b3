import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {
  /** Only a program that hangs gets here; the machine's speed does not matter. */
  private static final long DEADLINE_SECONDS = 120;

  private static final Path PROGRAM = Path.of("src/main/java/QuickStart.java");
  private static final Path README = Path.of("../../README.md");

  @Test
  void printsWhatItChangedAndExitsByItself(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "QuickStart")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      fail("did not exit by itself; it printed: " + Files.readString(out) + Files.readString(err));
    }
    assertEquals(0, process.exitValue(), () -> read(err));
    assertEquals(
        "Point[x=1.0, y=2.0] became Point[x=3.0, y=2.0]", read(out).strip(), () -> read(err));
  }

  @Test
  void isTheProgramOfTheReadme() throws IOException {
    String readme = Files.readString(README);
    String fence = "```java\n";
    int start = readme.indexOf(fence);
    assertTrue(start >= 0, "the README shows no Java program");
    int end = readme.indexOf("```", start + fence.length());
    assertEquals(Files.readString(PROGRAM), readme.substring(start + fence.length(), end));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
