package io.farheap.transport.tcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A Java process of a test's own, which ends with the test. */
public final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  /** A Java process like this one. */
  public Child(Class<?> main, Object... arguments) throws IOException {
    this(List.of(), main, arguments);
  }

  /** A process that another command starts. */
  public Child(List<String> prefix, Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Next line that it prints; null once it has ended. */
  public String line() throws IOException {
    return out.readLine();
  }

  void say(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Kills it; it does nothing any more afterwards. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops the process for some time, as nothing else could. */
  void stopFor(long millis) throws IOException, InterruptedException {
    signal("-STOP");
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < untilNanos) {
      LockSupport.parkNanos(untilNanos - System.nanoTime());
    }
    signal("-CONT");
  }

  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
  }

  /** Open descriptors of the process. */
  long descriptors() throws IOException {
    return count("fd");
  }

  long threads() throws IOException {
    return count("task");
  }

  private long count(String folder) throws IOException {
    try (Stream<Path> entries =
        Files.list(Path.of("/proc", String.valueOf(process.pid()), folder))) {
      return entries.count();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
