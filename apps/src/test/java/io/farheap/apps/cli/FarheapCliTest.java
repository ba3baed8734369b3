package io.farheap.apps.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FarheapCliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = FarheapCli.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "server", "stat", "memcached", "bench", "doctor", "test"})
  void helpOfEachCommandShowsExamples(String command) {
    assertEquals(0, run(command, "--help"), err::toString);
    assertTrue(out.toString().contains("farheap " + command), out::toString);
    assertTrue(out.toString().contains("Examples:"), out::toString);
  }

  @Test
  void helpNamesEveryCommand() {
    assertEquals(0, run("--help"), err::toString);
    for (String command :
        new String[] {
          "demo", "server", "stat", "memcached", "bench", "doctor", "test", "Examples:"
        }) {
      assertTrue(out.toString().contains(command), out::toString);
    }
  }

  @Test
  void versionIsTheBuilds() {
    assertEquals(0, run("--version"), err::toString);
    assertTrue(out.toString().contains(System.getProperty("farheap.version")), out::toString);
  }

  @Test
  void anUnknownCommandIsAnErrorThatNamesIt() {
    assertEquals(2, run("dmeo"));
    assertTrue(err.toString().contains("dmeo"), err::toString);
  }

  @Test
  void benchmarksBelongToTheLauncher() {
    assertEquals(2, run("bench", "zipf", "--quick"));
    assertTrue(err.toString().contains("./farheap bench zipf --quick"), err::toString);
  }

  /** A command line of production carries no benchmarks. */
  @ParameterizedTest
  @ValueSource(strings = {"org.openjdk.jmh.Main", "io.farheap.jmh.BenchMain"})
  void noBenchmarksAreOnTheClassPath(String name) {
    ClassLoader loader = FarheapCli.class.getClassLoader();
    assertThrows(ClassNotFoundException.class, () -> Class.forName(name, false, loader));
  }

  @Test
  void testBelongsToTheLauncher() {
    assertEquals(2, run("test", "--stress"));
    assertTrue(err.toString().contains("./farheap test --stress"), err::toString);
  }
}
