package io.farheap.apps.demo;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how far a step is: one line that is written anew on a terminal, and otherwise one line at
 * the end of each step. For one thread.
 */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final int LINE = 79;

  private final PrintWriter out;
  private final boolean terminal;
  private String step = "";

  ProgressBar(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Begins a step, which is over with {@link #done}. */
  void begin(String newStep) {
    step = newStep;
    show(0);
  }

  /**
   * Says how far the step is.
   *
   * @param share 0 to 1
   */
  void show(double share) {
    if (terminal) {
      int full = (int) Math.round(WIDTH * Math.clamp(share, 0, 1));
      rewrite(
          String.format(
              Locale.ROOT,
              "%-32s [%s%s] %3d %%",
              step,
              "#".repeat(full),
              ".".repeat(WIDTH - full),
              Math.round(100 * share)));
    }
  }

  /** Ends the step with a line that stays. */
  void done(String outcome) {
    if (terminal) {
      rewrite(outcome);
      out.println();
    } else {
      out.println(outcome);
    }
    out.flush();
  }

  /** Leaves the line as it is, for a message below it. */
  void abandon() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }

  private void rewrite(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, LINE - line.length())));
    out.flush();
  }
}
