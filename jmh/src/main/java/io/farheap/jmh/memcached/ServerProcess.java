package io.farheap.jmh.memcached;

import io.farheap.testing.process.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A running server that speaks memcached's text protocol, on a port of the loopback address. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int SILENCE_MILLIS = 10_000;
  private static final String STAT = "STAT ";
  private static final String END = "END";

  private final ChildProcess process;
  private final Runnable afterwards;

  ServerProcess(ChildProcess process, Runnable afterwards) {
    this.process = process;
    this.afterwards = afterwards;
  }

  /**
   * Where it listens.
   *
   * @return an address of this machine
   */
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), process.port());
  }

  /**
   * CPU time so far, of threads that have ended too, in steps of 10 ms.
   *
   * @return nanoseconds
   */
  public long cpuNanos() {
    return process.cpuNanos();
  }

  /**
   * Its memory.
   *
   * @return bytes that are resident
   */
  public long residentBytes() {
    return process.residentBytes();
  }

  /**
   * What it says of itself.
   *
   * @return the values of {@code stats} by their names
   */
  public Map<String, String> stats() {
    try (Socket socket = new Socket()) {
      socket.connect(address(), SILENCE_MILLIS);
      socket.setSoTimeout(SILENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write("stats\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      Map<String, String> stats = new LinkedHashMap<>();
      for (String line = in.readLine(); !END.equals(line); line = in.readLine()) {
        if (line == null || !line.startsWith(STAT)) {
          throw new IllegalStateException("the server answered '" + line + "' to stats");
        }
        String[] words = line.substring(STAT.length()).split(" ", 2);
        stats.put(words[0], words.length > 1 ? words[1] : "");
      }
      return stats;
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer to stats", e);
    }
  }

  /**
   * One number that it says of itself.
   *
   * @param name which
   * @return the number, or 0 if it says none of that name
   */
  public long stat(String name) {
    return Long.parseLong(stats().getOrDefault(name, "0"));
  }

  /** Tells it to end, so that it gives its far memory back, and kills it if it does not. */
  @Override
  public void close() {
    process.stop(PATIENCE);
    afterwards.run();
  }
}
