package io.farheap.transport.server;

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
  private static final int DEFAULT_LEASE_MILLIS = 30_000;
  private static final int DEFAULT_SILENCE_MILLIS = 2_000;
  private static final int DEFAULT_MAX_CONNECTIONS = 16_384;
  private static final int MAX_THREADS = 256;
  private static final int MAX_MILLIS = 86_400_000;

  /**
   * Checks that the values fit together.
   *
   * @throws IllegalArgumentException if one is out of range, or the server would let in strangers
   */
  public ServerConfig {
    listen = List.copyOf(listen);
    require(!listen.isEmpty(), "listen is empty: give at least one tcp://HOST:PORT");
    require(
        Long.bitCount(slabBytes) == 1
            && slabBytes >= TransportOptions.MIN_SLAB_BYTES
            && slabBytes <= TransportOptions.MAX_SLAB_BYTES,
        "slab=" + slabBytes + ": choose a power of two from 4KiB to 1GiB");
    require(
        memoryBytes >= slabBytes && memoryBytes / slabBytes <= SlabStore.MAX_SLABS,
        "memory="
            + memoryBytes
            + ": must hold 1 to "
            + SlabStore.MAX_SLABS
            + " slabs of "
            + slabBytes
            + " bytes");
    require(
        leaseMillis >= 100 && leaseMillis <= MAX_MILLIS,
        "lease=" + leaseMillis + "ms: choose 100ms to one day");
    require(
        silenceMillis >= 100 && silenceMillis <= MAX_MILLIS,
        "silence=" + silenceMillis + "ms: choose 100ms to one day");
    require(maxConnections >= 1, "max-connections=" + maxConnections + ": choose 1 or more");
    require(
        threads >= 1 && threads <= MAX_THREADS,
        "threads=" + threads + ": choose 1 to " + MAX_THREADS);
    tls.ifPresent(
        files ->
            require(
                files.certificate().isPresent(), "tls-ca is given without tls-cert and tls-key"));
    if (tls.isEmpty()) {
      require(
          insecure,
          "a server without TLS lets anybody in: give tls-cert and tls-key, or insecure on a"
              + " loopback address");
      listen.forEach(
          address ->
              require(
                  !address.isUnresolved() && address.getAddress().isLoopbackAddress(),
                  "listen=" + address + ": insecure is for loopback addresses only"));
    } else {
      require(!insecure, "insecure contradicts tls-cert: leave one of them out");
      require(
          tokenFile.isPresent() || tls.get().authority().isPresent(),
          "nobody would have to prove who it is: give tls-ca for clients with certificates, or"
              + " token-file");
    }
  }

  private static void require(boolean right, String message) {
    if (!right) {
      throw new IllegalArgumentException(message);
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
