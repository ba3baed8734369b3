package io.farheap.transport.session;

import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.Settings;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.security.TlsFiles;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How a memory server is reached.
 *
 * @param server where it is
 * @param tls certificates, if TLS is to be spoken
 * @param tokenFile a file with this client's token
 * @param connections connections for data
 * @param retryNanos how long requests wait for a server that is away before they fail
 * @param connectNanos how long a connection may take to be made
 * @param clock nanoseconds from an arbitrary origin, for the deadlines of callers
 * @param surroundings what the session stands on
 */
public record SessionOptions(
    ServerAddress server,
    Optional<TlsFiles> tls,
    Optional<Path> tokenFile,
    int connections,
    long retryNanos,
    long connectNanos,
    LongSupplier clock,
    Surroundings surroundings) {
  private static final Set<String> KEYS =
      Set.of(
          "tls", "tls-ca", "tls-cert", "tls-key", "token-file", "connections", "retry", "connect");
  private static final int DEFAULT_CONNECTIONS = 2;
  private static final int MAX_CONNECTIONS = 64;
  private static final long DEFAULT_RETRY_NANOS = 5_000_000_000L;
  private static final long DEFAULT_CONNECT_NANOS = 5_000_000_000L;
  private static final long MAX_NANOS = 3_600_000_000_000L;

  /**
   * These options with another number of connections.
   *
   * @param count connections for data
   * @return a copy
   */
  public SessionOptions withConnections(int count) {
    return new SessionOptions(
        server, tls, tokenFile, count, retryNanos, connectNanos, clock, surroundings);
  }

  /**
   * Reads a locator such as {@code tcp://a:7070?tls-ca=ca.pem&token-file=token}.
   *
   * @param locator the locator; its settings are {@code tls}, {@code tls-ca}, {@code tls-cert},
   *     {@code tls-key}, {@code token-file}, {@code connections}, {@code retry} and {@code connect}
   * @param options values for what the locator leaves open
   * @return the options
   * @throws LocatorException if the locator has another setting or a value out of range
   */
  public static SessionOptions of(Locator locator, TransportOptions options) {
    return of(locator, options, Set.of());
  }

  /**
   * As {@link #of(Locator, TransportOptions)}, for a provider that has further settings.
   *
   * @param locator the locator
   * @param options values for what the locator leaves open
   * @param further keys of settings that the caller reads himself
   * @return the options
   * @throws LocatorException if the locator has yet another setting or a value out of range
   */
  public static SessionOptions of(Locator locator, TransportOptions options, Set<String> further) {
    if (locator.inner().isPresent()) {
      throw new LocatorException(locator + ": " + locator.scheme() + " wraps no other locator");
    }
    Settings settings = locator.settings();
    Set<String> known = new HashSet<>(KEYS);
    known.addAll(further);
    settings.requireOnly(known);
    return new SessionOptions(
        ServerAddress.parse(locator.scheme(), locator.place()),
        tls(locator, settings),
        path(settings, "token-file"),
        (int) settings.integer("connections", DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS),
        settings.nanos("retry", DEFAULT_RETRY_NANOS, MAX_NANOS),
        settings.nanos("connect", DEFAULT_CONNECT_NANOS, MAX_NANOS),
        options.clock(),
        Surroundings.THIS_PROCESS);
  }

  private static Optional<TlsFiles> tls(Locator locator, Settings settings) {
    Optional<Path> authority = path(settings, "tls-ca");
    Optional<Path> certificate = path(settings, "tls-cert");
    Optional<Path> key = path(settings, "tls-key");
    boolean any = authority.isPresent() || certificate.isPresent() || key.isPresent();
    if (!settings.flag("tls", any)) {
      if (any) {
        throw new LocatorException(
            locator.scheme() + ": tls=false contradicts tls-ca, tls-cert or tls-key; drop one");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(new TlsFiles(certificate, key, authority));
    } catch (IllegalArgumentException e) {
      throw new LocatorException(locator.scheme() + ": " + e.getMessage());
    }
  }

  private static Optional<Path> path(Settings settings, String key) {
    return Optional.ofNullable(settings.asMap().get(key)).map(Path::of);
  }
}
