package io.farheap.jmh.memcached;

import io.farheap.apps.cli.FarheapCli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Our memcached, as users start it. */
public final class FarMemcached {
  private static final String LISTENING = "listening on ";
  private static final long MIB = 1 << 20;

  private FarMemcached() {}

  /**
   * Starts one.
   *
   * @param localBytes its local memory, rounded up to MiB
   * @param farBytes memory for items in all, rounded up to MiB
   * @param threads that serve
   * @param mode hybrid, paging or object
   * @param locator where its far memory is
   * @return the running process
   * @throws IllegalStateException if it ends before it listens
   */
  public static ServerProcess start(
      long localBytes, long farBytes, int threads, String mode, String locator) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), FarheapCli.class.getName(), "memcached"));
    command.addAll(List.of("--port", "0", "--listen", "127.0.0.1"));
    command.addAll(List.of("--max-connections", "4096", "--threads", Integer.toString(threads)));
    command.addAll(List.of("--memory", mebibytes(localBytes), "--far", mebibytes(farBytes)));
    command.addAll(List.of("--mode", mode, "--server", locator));
    Process process = null;
    boolean listening = false;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      StringBuilder said = new StringBuilder();
      String line = output.readLine();
      while (line != null && !line.contains(LISTENING)) {
        said.append(line).append('\n');
        line = output.readLine();
      }
      if (line == null) {
        throw new IllegalStateException("our memcached ended before it listened; it said: " + said);
      }
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
      Thread.ofPlatform().daemon().name("memcached-output").start(() -> swallow(output));
      listening = true;
      return new ServerProcess(process, port, () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + command, e);
    } finally {
      if (!listening && process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static String mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB + "MiB";
  }

  /** A server whose output nobody takes stops when the pipe is full. */
  private static void swallow(BufferedReader output) {
    try {
      while (output.readLine() != null) {
        // Only what it said before it listened is of interest.
      }
    } catch (IOException e) {
      // It has ended.
    }
  }
}
