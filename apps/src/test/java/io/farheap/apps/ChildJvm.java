package io.farheap.apps;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that run in a JVM of their own, with the class path of the tests. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * Starts a program, whose errors come with its output.
   *
   * @param program the class with its main method
   * @param arguments of the program
   */
  public static Process start(Class<?> program, String... arguments) throws IOException {
    return start(List.of(), program, arguments);
  }

  /** As {@link #start(Class, String...)}, with further options of the JVM. */
  public static Process start(List<String> options, Class<?> program, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads lines up to one that contains a text, and answers it. */
  public static String awaitLine(BufferedReader said, String text) throws IOException {
    StringBuilder before = new StringBuilder();
    String line = said.readLine();
    while (line != null && !line.contains(text)) {
      before.append(line).append('\n');
      line = said.readLine();
    }
    assertTrue(line != null, () -> "not said: " + text + "\n" + before);
    return line;
  }
}
