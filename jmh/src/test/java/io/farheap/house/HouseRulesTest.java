package io.farheap.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules for the sources that no compiler switch holds. */
class HouseRulesTest {
  private static final int MAX_LINES = 600;
  private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
  private static final String PACKAGE_INFO = "package-info.java";

  @Test
  void sourcesOfEveryModuleAreFound() {
    for (String module : SourceTree.MODULES) {
      Path folder = SourceTree.root().resolve(module);
      assertTrue(
          SourceTree.mainSources().stream().anyMatch(file -> file.startsWith(folder)), module);
    }
  }

  @Test
  void publicMembersCarryDocstrings() throws IOException {
    assertNone(missingDocs(SourceTree.mainSources()));
  }

  @Test
  void aMissingDocstringIsFound(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("Sample.java");
    Files.writeString(
        file,
        """
        public class Sample {
          /** Said. */
          public int said;
          public int unsaid;
          int hidden;
          static { try { Sample.class.wait(); } catch (InterruptedException e) { } }
          protected void alsoUnsaid() {}
          @Override public String toString() { return ""; }
          static class Hidden { public void inside() {} }
          /** Said. */
          public record Pair(int a, int b) { public Pair { } }
          /** Said. */
          public interface Door { void open(); }
        }
        """);
    List<String> names =
        missingDocs(List.of(file)).stream()
            .map(line -> line.replaceAll(".*: (\\w+) has no docstring", "$1"))
            .toList();
    assertEquals(List.of("Sample", "unsaid", "alsoUnsaid", "open"), names);
  }

  @Test
  void everyPackageSaysItsJob() {
    List<String> wrong = new ArrayList<>();
    for (Path file : SourceTree.mainSources()) {
      Path info = file.resolveSibling(PACKAGE_INFO);
      if (!file.endsWith("module-info.java") && !Files.exists(info)) {
        wrong.add(file.getParent() + " has no " + PACKAGE_INFO);
      }
    }
    assertNone(wrong.stream().distinct().toList());
  }

  @Test
  void filesStaySmallAndFinished() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path file : SourceTree.allSources()) {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() > MAX_LINES) {
        wrong.add(file + " has " + lines.size() + " lines; the limit is " + MAX_LINES);
      }
      // This file names the words that it looks for.
      if (!file.endsWith("HouseRulesTest.java")
          && lines.stream().anyMatch(line -> UNFINISHED.matcher(line).find())) {
        wrong.add(file + " says that it is unfinished");
      }
    }
    assertNone(wrong);
  }

  private static List<String> missingDocs(List<Path> files) throws IOException {
    List<String> missing = new ArrayList<>();
    SourceTree.parse(
        files, (unit, trees) -> new MissingDocs(unit, trees, missing).scan(unit, null));
    return missing;
  }

  private static void assertNone(List<String> wrong) {
    assertTrue(wrong.isEmpty(), () -> "\n" + String.join("\n", wrong) + "\n");
  }
}
