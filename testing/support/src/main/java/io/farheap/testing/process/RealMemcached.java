package io.farheap.testing.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The memcached of the system, where it has one. */
public final class RealMemcached {
  private static final String PROGRAM = "memcached";

  /** Where it writes which port it took. */
  private static final String PORT_FILE = "MEMCACHED_PORT_FILENAME";

  private static final String TCP = "TCP INET: ";
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private RealMemcached() {}

  /**
   * Its version.
   *
   * @return what it says of itself, or nothing if the system has none
   */
  public static Optional<String> version() {
    return said("-V").map(text -> text.lines().findFirst().orElse(PROGRAM));
  }

  /**
   * Whether it can put items into a file.
   *
   * @return false also if the system has none
   */
  public static boolean hasExtstore() {
    return said("-h").map(text -> text.contains("ext_path")).orElse(false);
  }

  private static Optional<String> said(String option) {
    try {
      Process process = new ProcessBuilder(PROGRAM, option).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        StringBuilder said = new StringBuilder();
        output.lines().forEach(line -> said.append(line).append('\n'));
        return process.onExit().join().exitValue() == 0
            ? Optional.of(said.toString())
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Starts one on a free port of the loopback address.
   *
   * @param options further ones
   * @return the running process, which listens
   * @throws IllegalStateException if it ends before it listens
   */
  public static ChildProcess start(String... options) {
    ChildProcess process = null;
    boolean started = false;
    try {
      Path portFile = Files.createTempFile("farheap-memcached", ".port");
      List<String> command = new ArrayList<>(List.of(PROGRAM, "-l", "127.0.0.1", "-p", "-1"));
      command.addAll(List.of("-U", "0"));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "root")); // it refuses to be root unless told so
      }
      command.addAll(List.of(options));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put(PORT_FILE, portFile.toString());
      process = ChildProcess.start(builder);
      process.listeningOn(awaitPort(process, portFile, command));
      started = true;
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("memcached could not be started", e);
    } finally {
      if (!started && process != null) {
        process.close();
      }
    }
  }

  private static int awaitPort(ChildProcess process, Path portFile, List<String> command)
      throws IOException {
    long endNanos = System.nanoTime() + START_NANOS;
    try {
      while (process.isAlive() && System.nanoTime() - endNanos < 0) {
        for (String line :
            Files.exists(portFile) ? Files.readAllLines(portFile) : List.<String>of()) {
          if (line.startsWith(TCP)) {
            return Integer.parseInt(line.substring(TCP.length()).strip());
          }
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } finally {
      Files.deleteIfExists(portFile);
    }
    throw new IllegalStateException("memcached did not start to listen: " + command);
  }
}
