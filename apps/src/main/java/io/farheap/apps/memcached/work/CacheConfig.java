package io.farheap.apps.memcached.work;

import io.farheap.transport.security.TlsFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How a server is set up.
 *
 * @param listen where it listens; port 0 is any free one
 * @param threads event loops
 * @param maxConnections most connections at once
 * @param maxItemBytes largest item, key included
 * @param credentials who may use it; everybody if empty
 * @param tls certificate and key, and the issuer of the clients' certificates if those are wanted
 * @param flushing whether clients may forget all items
 * @param verbosity how much is logged, 0 to 2
 * @param clockSeconds the Unix time in seconds
 */
public record CacheConfig(
    List<InetSocketAddress> listen,
    int threads,
    int maxConnections,
    int maxItemBytes,
    Optional<Credentials> credentials,
    Optional<TlsFiles> tls,
    boolean flushing,
    int verbosity,
    LongSupplier clockSeconds) {

  /** Keeps a copy of the addresses. */
  public CacheConfig {
    listen = List.copyOf(listen);
  }

  /**
   * A server on any free port of this machine, for everybody on it.
   *
   * @param threads event loops
   */
  public static CacheConfig local(int threads) {
    return new CacheConfig(
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        threads,
        1 << 14,
        1 << 20,
        Optional.empty(),
        Optional.empty(),
        true,
        0,
        () -> System.currentTimeMillis() / 1000);
  }
}
