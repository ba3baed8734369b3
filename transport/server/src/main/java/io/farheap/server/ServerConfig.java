package io.farheap.server;

import io.farheap.base.settings.SettingException;
import io.farheap.base.text.ByteSize;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.security.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a memory server is set up.
 *
 * @param listen where it listens; port 0 means any free one
 * @param memoryBytes memory for slabs; what is left over a whole slab is not used
 * @param slabBytes size of a slab, a power of two
 * @param memoryFile a folder as {@code /dev/shm}, where clients can map the slabs, or a new file,
 *     that holds the slabs; anonymous memory without
 * @param tls certificate and key of the server, and the authority of its clients' certificates
 * @param tokenFile tokens of the tenants
 * @param insecure whether clients may do without TLS; on loopback addresses only
 * @param leaseMillis how long the slabs of a silent client are kept
 * @param silenceMillis after how long without a request a connection is ended
 * @param maxConnections most connections at once
 * @param threads threads that serve connections
 * @param rdma the RDMA device over which slabs are reached, besides
 */
public record ServerConfig(
    List<InetSocketAddress> listen,
    long memoryBytes,
    long slabBytes,
    Optional<Path> memoryFile,
    Optional<TlsFiles> tls,
    Optional<Path> tokenFile,
    boolean insecure,
    int leaseMillis,
    int silenceMillis,
    int maxConnections,
    int threads,
    Optional<RdmaConfig> rdma) {
  /** Where wrong values stand as far as this knows. */
  static final String ORIGIN = "program";

  private static final int DEFAULT_LEASE_MILLIS = 30_000;
  private static final int DEFAULT_SILENCE_MILLIS = 2_000;
  private static final int DEFAULT_MAX_CONNECTIONS = 16_384;
  private static final int MAX_THREADS = 256;
  private static final int MIN_MILLIS = 100;
  private static final int MAX_MILLIS = 86_400_000;

  /**
   * Checks that the values fit together.
   *
   * @throws SettingException if one is out of range, or the server would let in strangers
   */
  public ServerConfig {
    listen = List.copyOf(listen);
    require(!listen.isEmpty(), ServerSetting.LISTEN, listen, "at least one tcp://HOST:PORT");
    require(
        Long.bitCount(slabBytes) == 1
            && slabBytes >= TransportOptions.MIN_SLAB_BYTES
            && slabBytes <= TransportOptions.MAX_SLAB_BYTES,
        ServerSetting.SLAB,
        ByteSize.format(slabBytes),
        "a power of two from 4KiB to 1GiB");
    require(
        memoryBytes >= slabBytes && memoryBytes / slabBytes <= SlabStore.MAX_SLABS,
        ServerSetting.MEMORY,
        ByteSize.format(memoryBytes),
        "room for 1 to " + SlabStore.MAX_SLABS + " slabs of " + ByteSize.format(slabBytes));
    require(
        leaseMillis >= MIN_MILLIS && leaseMillis <= MAX_MILLIS,
        ServerSetting.LEASE,
        leaseMillis + "ms",
        "100ms to one day");
    require(
        silenceMillis >= MIN_MILLIS && silenceMillis <= MAX_MILLIS,
        ServerSetting.SILENCE,
        silenceMillis + "ms",
        "100ms to one day");
    require(maxConnections >= 1, ServerSetting.MAX_CONNECTIONS, maxConnections, "1 or more");
    require(
        threads >= 1 && threads <= MAX_THREADS,
        ServerSetting.THREADS,
        threads,
        "1 to " + MAX_THREADS);
    tls.ifPresent(
        files ->
            require(
                files.certificate().isPresent(),
                ServerSetting.TLS_CA,
                files.authority().map(Path::toString).orElse(""),
                "tls-cert and tls-key beside it"));
    if (tls.isEmpty()) {
      require(
          insecure,
          ServerSetting.INSECURE,
          false,
          "tls-cert and tls-key, or insecure = true on a loopback address: a server without TLS"
              + " lets anybody in");
      listen.forEach(
          address ->
              require(
                  !address.isUnresolved() && address.getAddress().isLoopbackAddress(),
                  ServerSetting.LISTEN,
                  address,
                  "loopback addresses only, or TLS: insecure is for this machine"));
    } else {
      require(!insecure, ServerSetting.INSECURE, true, "false, since tls-cert is given");
      require(
          tokenFile.isPresent() || tls.get().authority().isPresent(),
          ServerSetting.TOKEN_FILE,
          "",
          "tokens, or tls-ca for clients with certificates: nobody would have to prove who it is");
    }
  }

  private static void require(boolean right, ServerSetting setting, Object value, String allowed) {
    if (!right) {
      throw new SettingException(ORIGIN, setting.key(), value.toString(), allowed, null);
    }
  }

  /**
   * An insecure server on a loopback address, with the default times.
   *
   * @param address where to listen
   * @param memoryBytes memory for slabs
   * @param slabBytes size of a slab
   * @return a configuration
   */
  public static ServerConfig insecure(InetSocketAddress address, long memoryBytes, long slabBytes) {
    return new ServerConfig(
        List.of(address),
        memoryBytes,
        slabBytes,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        DEFAULT_LEASE_MILLIS,
        DEFAULT_SILENCE_MILLIS,
        DEFAULT_MAX_CONNECTIONS,
        defaultThreads(),
        Optional.empty());
  }

  /**
   * One thread for each two processors, and at most 8: serving is mostly copying.
   *
   * @return 1 to 8
   */
  public static int defaultThreads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
  }

  /**
   * How many slabs fit.
   *
   * @return 1 or more
   */
  public int slabs() {
    return (int) (memoryBytes / slabBytes);
  }

  /**
   * This configuration with other security.
   *
   * @param files certificate, key and authority
   * @param tokens tokens of the tenants
   * @return a copy
   */
  public ServerConfig withTls(TlsFiles files, Optional<Path> tokens) {
    return new ServerConfig(
        listen,
        memoryBytes,
        slabBytes,
        memoryFile,
        Optional.of(files),
        tokens,
        false,
        leaseMillis,
        silenceMillis,
        maxConnections,
        threads,
        rdma);
  }

  /**
   * This configuration with tokens.
   *
   * @param tokens tokens of the tenants
   * @return a copy
   */
  public ServerConfig withTokenFile(Path tokens) {
    return new ServerConfig(
        listen,
        memoryBytes,
        slabBytes,
        memoryFile,
        tls,
        Optional.of(tokens),
        insecure,
        leaseMillis,
        silenceMillis,
        maxConnections,
        threads,
        rdma);
  }

  /**
   * This configuration with slabs in files.
   *
   * @param place a folder as {@code /dev/shm}, or a file that does not exist yet
   * @return a copy
   */
  public ServerConfig withMemoryFile(Path place) {
    return new ServerConfig(
        listen,
        memoryBytes,
        slabBytes,
        Optional.of(place),
        tls,
        tokenFile,
        insecure,
        leaseMillis,
        silenceMillis,
        maxConnections,
        threads,
        rdma);
  }

  /**
   * This configuration with other times.
   *
   * @param newLeaseMillis how long the slabs of a silent client are kept
   * @param newSilenceMillis after how long without a request a connection is ended
   * @return a copy
   */
  public ServerConfig withTimes(int newLeaseMillis, int newSilenceMillis) {
    return new ServerConfig(
        listen,
        memoryBytes,
        slabBytes,
        memoryFile,
        tls,
        tokenFile,
        insecure,
        newLeaseMillis,
        newSilenceMillis,
        maxConnections,
        threads,
        rdma);
  }

  /**
   * This configuration with slabs that are reached by RDMA too.
   *
   * @param device over which device, and how
   * @return a copy
   */
  public ServerConfig withRdma(RdmaConfig device) {
    return new ServerConfig(
        listen,
        memoryBytes,
        slabBytes,
        memoryFile,
        tls,
        tokenFile,
        insecure,
        leaseMillis,
        silenceMillis,
        maxConnections,
        threads,
        Optional.of(device));
  }
}
