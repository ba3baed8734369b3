package io.farheap.server;

import io.farheap.base.settings.SettingException;
import io.farheap.base.text.ByteSize;
import io.farheap.transport.wire.ServerFigures;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A memory server as a program of its own: says how it is set up, and stops in two steps. First it
 * drains: no slab is handed out any more, while clients may go on with those that they have, and
 * leave. Then it ends.
 */
public final class ServerProgram {
  private static final String NAME = "farheap server: ";
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final MemoryServer server;
  private final ServerConfig config;
  private final int drainMillis;
  private final PrintStream out;

  private ServerProgram(
      MemoryServer server, ServerConfig config, int drainMillis, PrintStream out) {
    this.server = server;
    this.config = config;
    this.drainMillis = drainMillis;
    this.out = out;
  }

  /**
   * Starts a server and says so.
   *
   * @param settings how it is set up
   * @param out where to say it
   * @return a program whose server accepts clients
   * @throws SettingException if the settings do not fit together
   * @throws io.farheap.transport.TransportException if it cannot have the memory, the files or the
   *     addresses
   */
  public static ServerProgram start(ServerSettings settings, PrintStream out) {
    ServerConfig config = settings.config();
    MemoryServer server = MemoryServer.start(config);
    ServerProgram program = new ServerProgram(server, config, settings.drainMillis(), out);
    program.sayStarted();
    return program;
  }

  private void sayStarted() {
    say(
        String.format(
            Locale.ROOT,
            "lends %s in %d slabs of %s%s, %s",
            ByteSize.text(config.slabs() * config.slabBytes()),
            config.slabs(),
            ByteSize.text(config.slabBytes()),
            config.memoryFile().map(file -> " in " + file).orElse(""),
            security()));
    List<InetSocketAddress> addresses = server.addresses();
    for (int i = 0; i < addresses.size(); i++) {
      // The host as it was given, the port as it was chosen.
      String host = config.listen().get(i).getHostString();
      say(
          "listening on tcp://"
              + (host.indexOf(':') < 0 ? host : "[" + host + "]")
              + ":"
              + addresses.get(i).getPort());
    }
    server
        .rdmaAddress()
        .ifPresent(
            address ->
                say(
                    "lets rdma: clients of these addresses in on "
                        + address.getAddress().getHostAddress()
                        + " port "
                        + address.getPort()));
  }

  private String security() {
    if (config.tls().isEmpty()) {
      return config.tokenFile().isPresent()
          ? "to clients with a token, without TLS"
          : "insecure: to anybody on this machine";
    }
    boolean certificates = config.tls().get().authority().isPresent();
    return "by TLS 1.3 to clients with a "
        + (certificates ? "certificate" : "")
        + (certificates && config.tokenFile().isPresent() ? " and a " : "")
        + (config.tokenFile().isPresent() ? "token" : "");
  }

  /**
   * The server.
   *
   * @return a server that accepts clients until {@link #stop}
   */
  public MemoryServer server() {
    return server;
  }

  /** Drains and ends the server, and says so. */
  public void stop() {
    server.drain();
    ServerFigures before = server.figures();
    if (before.slabs() == 0) {
      say("stopping");
    } else {
      say(
          String.format(
              Locale.ROOT,
              "stopping: %d clients have %d slabs; waiting up to %.1f s for them to leave",
              before.clients(),
              before.slabs(),
              drainMillis / MILLIS_PER_SECOND));
      awaitClients();
    }
    ServerFigures last = server.figures();
    server.close();
    say(
        String.format(
            Locale.ROOT,
            "stopped after %,.0f s: read %,d ranges (%s), wrote %,d (%s)%s",
            last.uptimeMillis() / MILLIS_PER_SECOND,
            last.reads(),
            ByteSize.text(last.bytesRead()),
            last.writes(),
            ByteSize.text(last.bytesWritten()),
            last.slabs() == 0
                ? ""
                : "; " + last.clients() + " clients lost " + last.slabs() + " slabs"));
  }

  private void awaitClients() {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(drainMillis);
    while (server.figures().slabs() > 0 && System.nanoTime() < deadlineNanos) {
      LockSupport.parkNanos(LOOK_NANOS);
      if (Thread.interrupted()) {
        return;
      }
    }
  }

  private void say(String line) {
    out.println(NAME + line);
    out.flush();
  }
}
