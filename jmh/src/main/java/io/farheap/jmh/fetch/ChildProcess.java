package io.farheap.jmh.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A server of the same build in a process of its own, on a free port of the loopback address. */
public final class ChildProcess implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final String RESIDENT = "VmRSS:";
  private static final long KIB = 1024;

  /** Longer than memory servers wait for clients to leave. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Process process;
  private final int port;

  private ChildProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one and waits until it says that it is {@code listening on …:PORT}.
   *
   * @param main its main class
   * @param arguments what the class is told
   * @return the running process
   * @throws IllegalStateException if it ends before it listens
   */
  public static ChildProcess start(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process = null;
    boolean listening = false;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      ChildProcess child = new ChildProcess(process, port(process));
      listening = true;
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + command, e);
    } finally {
      if (!listening && process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static int port(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    String line = output.readLine();
    while (line != null && !line.contains(LISTENING)) {
      said.append(line).append('\n');
      line = output.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("the server ended before it listened; it said: " + said);
    }
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  /**
   * Where it listens.
   *
   * @return a port of the loopback address
   */
  public int port() {
    return port;
  }

  /**
   * CPU time of its threads so far. Only differences mean something, since threads that ended count
   * no more.
   *
   * @return nanoseconds
   */
  public long cpuNanos() {
    long nanos = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
      for (Path thread : threads) {
        nanos += firstNumber(thread.resolve("schedstat")).orElse(0L);
      }
      return nanos;
    } catch (IOException e) {
      throw new UncheckedIOException("the server's CPU time cannot be read", e);
    }
  }

  private static Optional<Long> firstNumber(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return Optional.of(Long.parseLong(text.substring(0, text.indexOf(' '))));
    } catch (NoSuchFileException e) {
      // The thread has ended meanwhile.
      return Optional.empty();
    }
  }

  /**
   * Its memory.
   *
   * @return bytes that are resident
   */
  public long residentBytes() {
    try {
      return Files.readAllLines(proc("status")).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(kib -> Long.parseLong(kib) * KIB)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the system does not tell " + RESIDENT));
    } catch (IOException e) {
      throw new UncheckedIOException("the server's memory cannot be read", e);
    }
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  /** Tells it to end, so that it can delete its files, and kills it if it does not. */
  public void stop() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** Kills it and waits for its end. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
