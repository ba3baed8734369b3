package io.farheap.apps.stat;

import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.tcp.TcpMemory;
import io.farheap.transport.wire.ServerFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Asks the memory servers of a locator for their figures. It is a client of theirs itself, without
 * slabs, and does not count itself.
 */
public final class ServerWatch implements AutoCloseable {
  /** Mapped slabs are asked for over TCP too. */
  private static final Set<String> SCHEMES = Set.of("tcp", "shm");

  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<TcpMemory> servers;

  private ServerWatch(List<TcpMemory> servers) {
    this.servers = servers;
  }

  /**
   * Connects.
   *
   * @param locator where the servers are, such as {@code tcp://a:7070,b:7070}
   * @return an open watch
   * @throws LocatorException if the locator is malformed, or not that of memory servers
   * @throws io.farheap.transport.TransportException if one cannot be reached or it refuses
   */
  public static ServerWatch open(String locator) {
    Locator parsed = Locator.parse(locator);
    if (!SCHEMES.contains(parsed.scheme())) {
      throw new LocatorException(
          locator + " is not the locator of memory servers; write tcp://HOST:PORT");
    }
    List<TcpMemory> servers = new ArrayList<>();
    ServerWatch watch = new ServerWatch(servers);
    boolean opened = false;
    try {
      for (Locator server : parsed.each()) {
        servers.add(TcpMemory.openToWatch(server, TransportOptions.defaults()));
      }
      opened = true;
      return watch;
    } finally {
      if (!opened) {
        watch.close();
      }
    }
  }

  /**
   * What the servers have done so far.
   *
   * @return their figures, in the order of the locator
   * @throws io.farheap.transport.TransportException if one does not answer
   */
  public List<ServerFigures> figures() {
    return servers.stream().map(server -> withoutMe(server.serverFigures(TIMEOUT_NANOS))).toList();
  }

  private static ServerFigures withoutMe(ServerFigures f) {
    return new ServerFigures(
        f.uptimeMillis(),
        Math.max(0, f.clients() - 1),
        Math.max(0, f.connections() - 1),
        f.slabs(),
        f.slabCapacity(),
        f.slabBytes(),
        f.reads(),
        f.writes(),
        f.bytesRead(),
        f.bytesWritten(),
        f.otherRequests(),
        f.refusals(),
        f.brokenConnections(),
        f.leasesLost(),
        f.p50Nanos(),
        f.p99Nanos());
  }

  @Override
  public void close() {
    servers.forEach(TcpMemory::close);
  }
}
