package io.farheap.jmh;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The benchmarks by name. */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * The names that {@link #run} knows.
   *
   * @return the names, in the order in which to show them
   */
  public static List<String> names() {
    return List.of();
  }

  /**
   * Runs one benchmark and prints its figures.
   *
   * @param name one of {@link #names()}
   * @param quick whether to fit into 60 seconds
   * @param jsonOrNull the file to write the figures to, or null for none
   * @param out where the table of figures goes
   * @return the process's exit code: 0 for success, 2 for an unknown name
   */
  public static int run(String name, boolean quick, Path jsonOrNull, PrintStream out) {
    out.println("unknown benchmark '" + name + "'; known are " + names());
    return 2;
  }
}
