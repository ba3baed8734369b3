package io.farheap.apps.memcached;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The memcached that is installed, to compare with. */
final class RealMemcached implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Process process;
  private final int port;

  private RealMemcached(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where a program is, or null. */
  static Path find(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  /** Starts it; the test is skipped, with a message, where there is none of release 1.6. */
  static RealMemcached start(String... more) throws IOException {
    Path program = find("memcached");
    assumeTrue(
        program != null, "there is no memcached to compare with; install Debian's memcached");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    List<String> command =
        new ArrayList<>(
            List.of(program.toString(), "-u", "nobody", "-l", "127.0.0.1", "-p", "" + port));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    RealMemcached real = new RealMemcached(process, port);
    long deadlineNanos = System.nanoTime() + START_NANOS;
    while (true) {
      try (RawClient client = new RawClient(port)) {
        String version = client.exchange("version\r\n");
        if (!version.startsWith("VERSION 1.6.18")) {
          real.close();
          assumeTrue(false, "the memcached to compare with is not 1.6.18 but " + version);
        }
        return real;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
          process.destroyForcibly();
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
