package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter out = new StringWriter();

  private String shown(boolean terminal) {
    ProgressBar bar = new ProgressBar(new PrintWriter(out), terminal);
    bar.begin("loading");
    bar.show(0.5);
    bar.done("loaded");
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void aTerminalsLineIsRewritten() {
    String bar = "\rloading" + " ".repeat(26) + "[";
    String end = " ".repeat(79 - "loaded".length());
    assertEquals(
        bar
            + ".".repeat(30)
            + "]   0 %"
            + " ".repeat(8)
            + bar
            + "#".repeat(15)
            + ".".repeat(15)
            + "]  50 %"
            + " ".repeat(8)
            + "\rloaded"
            + end
            + "\n",
        shown(true));
  }

  @Test
  void elsewhereOnlyOutcomesAreWritten() {
    assertEquals("loaded\n", shown(false));
  }
}
