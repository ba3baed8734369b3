package io.farheap.apps.memcached.store;

import io.farheap.apps.ChildJvm;
import io.farheap.server.ServerMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A memory server in a process of its own, to be killed. */
final class MemoryServer implements AutoCloseable {
  private static final String LISTENING = "listening on tcp://";

  private final Process process;
  private final String address;

  /** Starts one; port 0 for any. */
  MemoryServer(int port) throws IOException {
    process =
        ChildJvm.start(
            List.of("-Xmx64m"),
            ServerMain.class,
            "--insecure",
            "--listen",
            "tcp://127.0.0.1:" + port,
            "--memory",
            "128MiB",
            "--slab",
            "1MiB");
    address = awaitAddress();
  }

  private String awaitAddress() throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      int at = line.indexOf(LISTENING);
      if (at >= 0) {
        return line.substring(at + LISTENING.length()).strip();
      }
      said.append(line).append(System.lineSeparator());
    }
    throw new IOException("the memory server ended: " + said);
  }

  /** Host and port. */
  String address() {
    return address;
  }

  int port() {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Ends it without a word. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
