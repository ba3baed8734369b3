package io.farheap.apps.memcached.store;

import io.farheap.server.ServerMain;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;

/** A memory server in a process of its own, to be killed. */
final class MemoryServer implements AutoCloseable {
  private final ChildProcess process;

  /** Starts one; port 0 for any. */
  MemoryServer(int port) {
    process =
        JavaCommand.of(ServerMain.class, "--insecure", "--memory=128MiB", "--slab=1MiB")
            .arguments("--listen", "tcp://127.0.0.1:" + port)
            .options("-Xmx64m")
            .startListening();
  }

  /** Host and port. */
  String address() {
    return "127.0.0.1:" + port();
  }

  int port() {
    return process.port();
  }

  /** Ends it without a word. */
  @Override
  public void close() {
    process.close();
  }
}
