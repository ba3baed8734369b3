package io.farheap.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.apps.cli.FarheapCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line of {@code farheap bench}. */
class BenchMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = FarheapCli.commandLine(new BenchMain());
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @Test
  void helpShowsOptionsAndExamples() {
    assertEquals(0, run("bench", "--help"), err::toString);
    for (String word : new String[] {"Usage: farheap bench", "--json", "--server", "Examples:"}) {
      assertTrue(out.toString().contains(word), out::toString);
    }
  }

  @Test
  void theNamesAreListed() {
    assertEquals(0, run("bench", "--list"), err::toString);
    assertEquals(Benchmarks.names(), out.toString().lines().toList());
  }

  @Test
  void withoutANameItSaysWhatIsMissing() {
    assertEquals(2, run("bench"));
    assertTrue(err.toString().contains("NAME"), err::toString);
  }

  @Test
  void onlyFetchTakesAServer() {
    assertEquals(2, run("bench", "zipf", "--server", "tcp://127.0.0.1:1"));
    assertTrue(err.toString().contains("--server"), err::toString);
  }

  @Test
  void anUnknownBenchmarkIsAUsageError() {
    assertEquals(2, run("bench", "no-such-benchmark"));
  }

  @Test
  void failuresAreToldAsThoseOfOtherCommands() {
    assertEquals(1, run("bench", "fetch", "--server", "nowhere:"));
    assertTrue(err.toString().startsWith("farheap: "), err::toString);
    assertTrue(err.toString().contains("--stacktrace"), err::toString);
  }
}
