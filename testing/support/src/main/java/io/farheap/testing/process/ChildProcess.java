package io.farheap.testing.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process that says what it does on its standard output, line by line. One thread at a time reads
 * it.
 */
public final class ChildProcess implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final String RESIDENT = "VmRSS:";
  private static final long KIB = 1024;

  /** Of the fields behind the program's name in the system's line on a process. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;

  /** Linux counts such times in hundredths of a second on every machine. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();
  private int port;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts what a builder describes. */
  public static ChildProcess start(ProcessBuilder builder) throws IOException {
    return new ChildProcess(builder.start());
  }

  /** The next line; null once it has ended. */
  public String line() throws IOException {
    String line = output.readLine();
    if (line != null) {
      lines.add(line);
    }
    return line;
  }

  /**
   * Reads on until a line holds a text.
   *
   * @return that line
   * @throws IllegalStateException if it ends first
   */
  public String awaitLine(String text) throws IOException {
    String line = line();
    while (line != null && !line.contains(text)) {
      line = line();
    }
    if (line == null) {
      throw new IllegalStateException("it ended without '" + text + "'; it said: " + said());
    }
    return line;
  }

  /**
   * Reads the next line, which begins with a word.
   *
   * @return what comes after the word
   * @throws IllegalStateException if it is another line, or it has ended
   */
  public String next(String word) throws IOException {
    String line = line();
    if (line == null || !line.split(" ", 2)[0].equals(word)) {
      throw new IllegalStateException("it said '" + line + "' rather than " + word);
    }
    return line.substring(word.length()).strip();
  }

  /**
   * Reads on until it says that it is {@code listening on WHERE}.
   *
   * @return where
   * @throws IllegalStateException if it ends first
   */
  public String awaitListening() throws IOException {
    String line = awaitLine(LISTENING);
    return line.substring(line.indexOf(LISTENING) + LISTENING.length()).strip();
  }

  /**
   * Reads on until it listens, and kills it if it does not.
   *
   * @return the port where
   * @throws IllegalStateException if it ends first
   */
  public int awaitPort() throws IOException {
    boolean listens = false;
    try {
      String where = awaitListening();
      listens = true;
      port = Integer.parseInt(where.substring(where.lastIndexOf(':') + 1));
      return port;
    } finally {
      if (!listens) {
        close();
      }
    }
  }

  /** It is known to listen on a port. */
  ChildProcess listeningOn(int known) {
    port = known;
    return this;
  }

  /** Where it listens, once that was waited for. */
  public int port() {
    return port;
  }

  /** What it has said as far as it was read. */
  public String said() {
    return String.join("\n", lines);
  }

  /** Takes all that it says from here on, so that a full pipe does not stop it. */
  public void discardOutput() {
    Thread.ofPlatform()
        .daemon()
        .name("output-of-" + process.pid())
        .start(
            () -> {
              try {
                output.transferTo(Writer.nullWriter());
              } catch (IOException e) {
                // It was killed.
              }
            });
  }

  /** Writes a line to its standard input. */
  public void say(String line) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /** Sends a signal, for example {@code STOP}; after {@code KILL} it waits for the end. */
  public void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("the signal " + name + " could not be sent");
      }
      if (name.equals("KILL")) {
        process.waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Stops the process for some time, as nothing else could. */
  public void stopFor(Duration time) {
    signal("STOP");
    long untilNanos = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = untilNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    signal("CONT");
  }

  /** Asks it to end, and leaves its output open. */
  public void terminate() {
    signal("TERM");
  }

  /** Reads all that it says until it ends; answers its exit code. */
  public int awaitEnd() throws IOException, InterruptedException {
    while (line() != null) {
      // Kept for said().
    }
    return process.waitFor();
  }

  /**
   * Asks it to end, so that it can tidy up, and kills it if it does not in time.
   *
   * @param patience how long it may take
   */
  public void stop(Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Number of its open descriptors. */
  public long descriptors() throws IOException {
    return count("fd");
  }

  /** Number of its threads. */
  public long threads() throws IOException {
    return count("task");
  }

  private long count(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(proc(folder))) {
      return entries.count();
    }
  }

  /**
   * CPU time of its threads so far. Only differences mean something, since threads that ended count
   * no more; but it is finer than {@link #cpuNanos}.
   *
   * @return nanoseconds
   */
  public long threadCpuNanos() {
    long nanos = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
      for (Path thread : threads) {
        nanos += firstNumber(thread.resolve("schedstat"));
      }
      return nanos;
    } catch (IOException e) {
      throw new UncheckedIOException("its CPU time cannot be read; has it ended?", e);
    }
  }

  private static long firstNumber(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return Long.parseLong(text.substring(0, text.indexOf(' ')));
    } catch (NoSuchFileException e) {
      return 0; // the thread has ended meanwhile
    }
  }

  /**
   * CPU time so far, of threads that have ended too, in steps of 10 ms.
   *
   * @return nanoseconds
   */
  public long cpuNanos() {
    try {
      String line = Files.readString(proc("stat"));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
      return ticks * NANOS_PER_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException("its CPU time cannot be read; has it ended?", e);
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
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("the system does not tell " + RESIDENT));
    } catch (IOException e) {
      throw new UncheckedIOException("its memory cannot be read; has it ended?", e);
    }
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  /** Kills it; it does nothing any more afterwards. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
