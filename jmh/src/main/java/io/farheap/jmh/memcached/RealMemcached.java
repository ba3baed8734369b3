package io.farheap.jmh.memcached;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The memcached of the system, where it has one. */
public final class RealMemcached {
  private static final String PROGRAM = "memcached";

  /** Where it writes which port it took. */
  private static final String PORT_FILE = "MEMCACHED_PORT_FILENAME";

  private static final String TCP = "TCP INET: ";
  private static final long MIB = 1 << 20;
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
   * Starts one.
   *
   * @param memoryBytes for its items
   * @param threads that serve
   * @return the running process
   * @throws IllegalStateException if it ends before it listens
   */
  public static ServerProcess start(long memoryBytes, int threads) {
    return start(memoryBytes, threads, List.of(), () -> {});
  }

  /**
   * Starts one that puts what does not fit into a file, which is deleted when it is closed.
   *
   * @param memoryBytes for its items in memory
   * @param threads that serve
   * @param file where to, preferably in memory
   * @param fileBytes how large the file may become
   * @return the running process
   * @throws IllegalStateException if it ends before it listens
   */
  public static ServerProcess startExtstore(
      long memoryBytes, int threads, Path file, long fileBytes) {
    // Small pages and quick hands, since it is filled within seconds: with the defaults it would
    // evict most of the items rather than write them out.
    String options =
        "ext_page_size=8,ext_wbuf_size=2,ext_threads=1,ext_item_size=64,ext_max_sleep=1000,"
            + "slab_automove_window=3,slab_automove_freeratio=0.1,ext_path="
            + file
            + ":"
            + Math.max(1, fileBytes / MIB)
            + "m";
    return start(memoryBytes, threads, List.of("-o", options), () -> delete(file));
  }

  private static ServerProcess start(
      long memoryBytes, int threads, List<String> more, Runnable afterwards) {
    Path portFile;
    Process process = null;
    boolean started = false;
    try {
      portFile = Files.createTempFile("farheap-memcached", ".port");
      List<String> command = new ArrayList<>(List.of(PROGRAM, "-l", "127.0.0.1", "-p", "-1"));
      command.addAll(List.of("-U", "0", "-c", "4096", "-t", Integer.toString(threads)));
      command.addAll(List.of("-m", Long.toString(Math.max(1, memoryBytes / MIB))));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "root")); // it refuses to be root unless told so
      }
      command.addAll(more);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      Map<String, String> environment = builder.environment();
      environment.put(PORT_FILE, portFile.toString());
      process = builder.start();
      int port = awaitPort(process, portFile, command);
      started = true;
      return new ServerProcess(process, port, afterwards);
    } catch (IOException e) {
      throw new UncheckedIOException("memcached could not be started", e);
    } finally {
      if (!started && process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static int awaitPort(Process process, Path portFile, List<String> command)
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

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " could not be deleted", e);
    }
  }
}
