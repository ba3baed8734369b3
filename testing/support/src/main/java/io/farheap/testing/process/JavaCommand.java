package io.farheap.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How to start a Java program of this class path in a process of its own. */
public final class JavaCommand {
  private final List<String> what;
  private final List<String> runner = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private boolean errorsWithOutput;

  private JavaCommand(List<String> what) {
    this.what = what;
  }

  /** A class of this class path with a main method. */
  public static JavaCommand of(Class<?> program, String... arguments) {
    return new JavaCommand(
            List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()))
        .arguments(arguments);
  }

  /** A runnable jar, with the access to native memory that its manifest grants. */
  public static JavaCommand ofJar(Path jar, String... arguments) {
    return new JavaCommand(List.of("-jar", jar.toString())).arguments(arguments);
  }

  /** Further options of the JVM. */
  public JavaCommand options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Further arguments of the program. */
  public JavaCommand arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Another command that runs this one, which is added to it. */
  public JavaCommand under(List<String> command) {
    runner.addAll(command);
    return this;
  }

  /** Further variables of the environment. */
  public JavaCommand environment(Map<String, String> more) {
    environment.putAll(more);
    return this;
  }

  /** Its errors come with its output, rather than with this process's errors. */
  public JavaCommand errorsWithOutput() {
    errorsWithOutput = true;
    return this;
  }

  /** Starts it. */
  public ChildProcess start() throws IOException {
    List<String> command = new ArrayList<>(runner);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(what);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    if (errorsWithOutput) {
      builder.redirectErrorStream(true);
    } else {
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    return ChildProcess.start(builder);
  }

  /**
   * Starts a server, whose errors come with its output, and waits until it says that it is {@code
   * listening on …:PORT}. What it says afterwards is of no interest.
   *
   * @throws IllegalStateException if it ends before it listens
   */
  public ChildProcess startListening() {
    try {
      ChildProcess child = errorsWithOutput().start();
      child.awaitPort();
      child.discardOutput();
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("a server could not be started", e);
    }
  }
}
