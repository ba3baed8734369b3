package io.farheap.rdma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link GuestClient} in a process of its own. */
final class GuestProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final BufferedReader said;

  private GuestProcess(Process process) {
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one by a command that runs it, perhaps none. */
  static GuestProcess start(List<String> runner, String locator) throws IOException {
    List<String> command = new ArrayList<>(runner);
    command.addAll(GuestServer.java("-Xmx64m"));
    command.add(GuestClient.class.getName());
    command.add(locator);
    return new GuestProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits for the next line, which begins with a word; answers what comes after it. */
  String next(String word) throws IOException {
    String line = said.readLine();
    String found = line == null ? "the end" : line.split(" ", 2)[0];
    assertEquals(word, found, line);
    return line.substring(word.length()).strip();
  }

  void signal(String name) {
    GuestServer.signal(process, name);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
  }
}
