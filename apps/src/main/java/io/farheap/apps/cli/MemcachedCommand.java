package io.farheap.apps.cli;

import io.farheap.apps.memcached.MemcachedProgram;
import io.farheap.apps.memcached.MemcachedSettings;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.apps.memcached.work.Credentials;
import io.farheap.base.text.HostPort;
import io.farheap.error.ConfigurationException;
import io.farheap.options.Mode;
import io.farheap.transport.TransportException;
import io.farheap.transport.security.TlsFiles;
import io.netty.util.ResourceLeakDetector;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves memcached's protocols, with items in far memory. */
@Command(
    name = "memcached",
    sortOptions = false,
    description = {
      "Be a memcached whose items live in far memory, until SIGTERM or Ctrl-C. Existing clients"
          + " work unchanged: text, meta and binary protocol.",
      "Exit code 0 after it was told to stop, 1 if it cannot start, 2 for wrong settings."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap memcached                                  1 GiB local, 4 GiB in this process",
      "  farheap memcached --memory 4GiB --far 16GiB --server tcp://memory1:7070?tls-ca=ca.pem",
      "  farheap memcached -m 1024 --server shm://127.0.0.1:7070       on this machine's server",
      "  farheap memcached -l 0.0.0.0 -p 11211 -c 4096 -t 4 --auth-file users \\",
      "    --tls-cert server.pem --tls-key server.key",
      "  printf 'set a 0 0 5\\r\\nhello\\r\\nget a\\r\\nquit\\r\\n' | nc 127.0.0.1 11211"
    })
final class MemcachedCommand implements Callable<Integer> {
  private static final long DEFAULT_FACTOR = 4;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_DEFAULT_THREADS = 4;
  private static final long MIN_ITEM_BYTES = 1 << 10;
  private static final int MAX_VERBOSITY = 2;
  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  @Spec private CommandSpec spec;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      defaultValue = "11211",
      description = "TCP port, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = {"-l", "--listen"},
      paramLabel = "ADDRESS",
      split = ",",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen: HOST or HOST:PORT, several with commas (default: ${DEFAULT-VALUE};"
              + " 0.0.0.0 for every network).")
  private List<String> listen;

  @Option(
      names = {"-m", "--memory"},
      paramLabel = "SIZE",
      converter = Megabytes.class,
      defaultValue = "1GiB",
      description = "Local memory for items; a number alone is in MiB (default: ${DEFAULT-VALUE}).")
  private long localBytes;

  @Option(
      names = "--far",
      paramLabel = "SIZE",
      converter = Megabytes.class,
      description = "Memory for items in all (default: four times the local memory).")
  private Long farBytes;

  @Option(
      names = "--server",
      paramLabel = "LOCATOR",
      description =
          "Memory servers that hold the far memory, such as tcp://127.0.0.1:7070 (default: this"
              + " process does).")
  private String server;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = DemoCommand.ModeName.class,
      defaultValue = "hybrid",
      description = "Which ways misses take: hybrid, paging, object (default: ${DEFAULT-VALUE}).")
  private Mode mode;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that serve clients (default: one a processor, at most 4).")
  private Integer threads;

  @Option(
      names = {"-c", "--conn-limit", "--max-connections"},
      paramLabel = "N",
      defaultValue = "1024",
      description = "Most connections at once (default: ${DEFAULT-VALUE}).")
  private int maxConnections;

  @Option(
      names = {"-I", "--max-item-size"},
      paramLabel = "SIZE",
      converter = DemoCommand.Size.class,
      defaultValue = "1m",
      description =
          "Largest item, key included, from 1k; a number alone is in bytes (default:"
              + " ${DEFAULT-VALUE}).")
  private long maxItemBytes;

  @Option(
      names = {"-M", "--disable-evictions"},
      description = "Refuse new items when memory is full, rather than evict old ones.")
  private boolean evictionOff;

  @Option(
      names = {"-F", "--disable-flush-all"},
      description = "Refuse flush_all.")
  private boolean flushOff;

  @Option(
      names = {"-Y", "--auth-file"},
      paramLabel = "FILE",
      description = "Users, one a line as user:password; clients must say who they are.")
  private Path authFile;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate of the server, PEM; with it every connection is TLS 1.3.")
  private Path tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM (PKCS #8).")
  private Path tlsKey;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Issuer of the clients' certificates, PEM; with it every client must show one.")
  private Path tlsAuthority;

  @Option(
      names = {"-U", "--udp-port"},
      paramLabel = "PORT",
      defaultValue = "0",
      description = "There is no UDP: only 0 makes sense.")
  private int udpPort;

  @Option(names = "-v", description = "Log more; twice for more still.")
  private boolean[] verbose = {};

  @Override
  public Integer call() {
    MemcachedSettings settings = settings();
    if (udpPort != 0) {
      warn("-U " + udpPort + " has no effect: there is no UDP");
    }
    if (System.getProperty(LEAK_DETECTION) == null) {
      // Sampling buffers costs on every request, and is for those who change the server.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    MemcachedProgram program;
    try {
      program = MemcachedProgram.start(settings, spec.commandLine().getOut());
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (TransportException e) {
      warn(e.getMessage() + reason(e));
      return spec.exitCodeOnExecutionException();
    }
    FarheapCli.runUntilStopped("farheap-memcached-stop", program::close);
    return spec.exitCodeOnSuccess();
  }

  private MemcachedSettings settings() {
    check(port >= 0 && port <= MAX_PORT, "-p " + port + " is no port; choose 0 to 65535");
    check(maxConnections > 0, "-c " + maxConnections + " lets nobody in; choose at least 1");
    check(threads == null || threads > 0, "-t " + threads + " makes no sense; choose at least 1");
    check(
        maxItemBytes >= MIN_ITEM_BYTES && maxItemBytes <= Integer.MAX_VALUE / 2,
        "-I " + maxItemBytes + " is out of range; choose 1k to 1g");
    try {
      CacheConfig config =
          new CacheConfig(
              addresses(),
              threads == null ? defaultThreads() : threads,
              maxConnections,
              (int) maxItemBytes,
              Optional.ofNullable(authFile).map(Credentials::read),
              tls(),
              !flushOff,
              Math.min(verbose.length, MAX_VERBOSITY),
              () -> System.currentTimeMillis() / 1000);
      return new MemcachedSettings(
          config,
          localBytes,
          farBytes == null ? DEFAULT_FACTOR * localBytes : farBytes,
          Optional.ofNullable(server),
          mode,
          !evictionOff);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static int defaultThreads() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MAX_DEFAULT_THREADS);
  }

  private Optional<TlsFiles> tls() {
    if (tlsCert == null && tlsKey == null) {
      check(tlsAuthority == null, "--tls-ca needs --tls-cert and --tls-key beside it");
      return Optional.empty();
    }
    return Optional.of(
        new TlsFiles(
            Optional.ofNullable(tlsCert),
            Optional.ofNullable(tlsKey),
            Optional.ofNullable(tlsAuthority)));
  }

  private List<InetSocketAddress> addresses() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String text : listen) {
      addresses.add(address(text));
    }
    return addresses;
  }

  private InetSocketAddress address(String text) {
    try {
      InetSocketAddress address = HostPort.parse(text, port).resolve();
      check(!address.isUnresolved(), "-l " + text + ": there is no such host");
      return address;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "-l " + text + " is " + e.getMessage() + ", or without a port", e);
    }
  }

  private void check(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void warn(String message) {
    spec.commandLine().getErr().println("farheap memcached: " + message);
    spec.commandLine().getErr().flush();
  }

  private static String reason(TransportException failure) {
    String reason = failure.getCause() == null ? null : failure.getCause().getMessage();
    return reason == null || failure.getMessage().contains(reason) ? "" : " (" + reason + ")";
  }

  /** A size of which a number alone is in MiB, as memcached's {@code -m} has it. */
  static final class Megabytes implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      boolean alone = text.chars().allMatch(c -> c >= '0' && c <= '9');
      return new DemoCommand.Size().convert(alone ? text + "m" : text);
    }
  }
}
