package io.farheap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program of the tests in a process of its own: what the JIT makes of it depends on what
 * else a process has run.
 */
public final class OwnProcess {
  private OwnProcess() {}

  /** Runs a class with some arguments; answers the last line that it printed. */
  public static String lastLine(Class<?> program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.lines().reduce((first, last) -> last).orElse("");
    } finally {
      process.destroyForcibly();
    }
  }
}
