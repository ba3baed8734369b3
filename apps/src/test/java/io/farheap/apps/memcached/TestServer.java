package io.farheap.apps.memcached;

import io.farheap.apps.memcached.server.CacheServer;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.options.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server in this process, on a small heap. */
public final class TestServer implements AutoCloseable {
  private final MemcachedProgram program;

  private TestServer(MemcachedProgram program) {
    this.program = program;
  }

  public static TestServer start() {
    return start(config -> config, 64 << 20, 256 << 20, "embedded:");
  }

  public static TestServer start(UnaryOperator<CacheConfig> change) {
    return start(change, 64 << 20, 256 << 20, "embedded:");
  }

  public static TestServer start(
      UnaryOperator<CacheConfig> change, long localBytes, long farBytes, String locator) {
    MemcachedSettings settings =
        new MemcachedSettings(
            change.apply(CacheConfig.local(2)),
            localBytes,
            farBytes,
            Optional.of(locator),
            Mode.HYBRID,
            true);
    return new TestServer(
        MemcachedProgram.start(settings, new PrintWriter(new StringWriter(), true)));
  }

  public int port() {
    return server().addresses().getFirst().getPort();
  }

  public CacheServer server() {
    return program.server();
  }

  public MemcachedProgram program() {
    return program;
  }

  RawClient connect() throws java.io.IOException {
    return new RawClient(port());
  }

  @Override
  public void close() {
    program.close();
  }
}
