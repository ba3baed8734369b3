package io.farheap.server;

import io.farheap.base.settings.SettingNames;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of a memory server. Each may be an option ({@code --tls-cert}), a variable ({@code
 * FARHEAP_SERVER_TLS_CERT}) and a line of a file ({@code tls-cert = …}).
 */
public enum ServerSetting {
  /** Where the server listens. */
  LISTEN(
      "tcp://HOST:PORT",
      "tcp://127.0.0.1:7070",
      "Where to listen, several with commas; port 0 is any free one",
      Kind.ADDRESSES),
  /** Memory for slabs. */
  MEMORY("SIZE", "1GiB", "Memory to lend, for example 4GiB", Kind.SIZE),
  /** Size of a slab. */
  SLAB("SIZE", "64MiB", "Unit in which it is lent, a power of two", Kind.SIZE),
  /** Where the slabs are kept instead of anonymous memory. */
  MEMORY_FILE(
      "PATH", null, "Keep slabs in this file or in files in this folder, as /dev/shm", Kind.PATH),
  /** The RDMA device by which slabs are reached besides. */
  RDMA(
      "ADDRESS[:PORT]",
      null,
      "Let rdma: clients reach slabs over the RDMA device with this address",
      Kind.DEVICE_ADDRESS),
  /** Which implementation of the verbs is used. */
  RDMA_PROVIDER(
      "NAME", "farheap", "Verbs of this build, or disni for those of libdisni", Kind.WORD),
  /** The server's certificate. */
  TLS_CERT("FILE", null, "Certificate of the server, PEM", Kind.PATH),
  /** The certificate's key. */
  TLS_KEY("FILE", null, "Private key of the certificate, PEM (PKCS #8)", Kind.PATH),
  /** Who issues the clients' certificates. */
  TLS_CA("FILE", null, "Issuer of the clients' certificates, PEM", Kind.PATH),
  /** Tokens of the tenants. */
  TOKEN_FILE("FILE", null, "Tokens of clients, lines tenant:token[:quota]", Kind.PATH),
  /** Whether anybody may come in. */
  INSECURE(null, "false", "Do without all of these; on loopback addresses only", Kind.FLAG),
  /** How long a silent client's slabs are kept. */
  LEASE("TIME", "30s", "How long a silent client's slabs are kept", Kind.TIME),
  /** After how long a silent connection ends. */
  SILENCE("TIME", "2s", "After how long a silent connection ends", Kind.TIME),
  /** How long a stopping server waits. */
  DRAIN("TIME", "10s", "How long to wait for clients when told to stop", Kind.TIME),
  /** Most connections at once. */
  MAX_CONNECTIONS("N", "16384", "Most connections at once", Kind.COUNT),
  /** Threads that serve connections. */
  THREADS("N", null, "Threads that serve connections (default: by processors)", Kind.COUNT),
  /** The file with further settings. */
  CONFIG("FILE", null, "A file with lines KEY = VALUE of these keys", Kind.PATH);

  /** What the variables begin with. */
  public static final String ENVIRONMENT_PREFIX = "FARHEAP_SERVER_";

  /** All keys. */
  static final SettingNames NAMES =
      new SettingNames(Arrays.stream(values()).map(ServerSetting::key).toList());

  private final String label;
  private final String defaultText;
  private final String description;
  private final Kind kind;

  /** What a value is. */
  enum Kind {
    ADDRESSES,
    SIZE,
    TIME,
    COUNT,
    FLAG,
    PATH,
    DEVICE_ADDRESS,
    WORD
  }

  ServerSetting(String label, String defaultText, String description, Kind kind) {
    this.label = label;
    this.defaultText = defaultText;
    this.description = description;
    this.kind = kind;
  }

  /**
   * The name in options and files.
   *
   * @return for example {@code tls-cert}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The name in the environment.
   *
   * @return for example {@code FARHEAP_SERVER_TLS_CERT}
   */
  public String variable() {
    return ENVIRONMENT_PREFIX + name();
  }

  /**
   * What stands for the value in a help text.
   *
   * @return a word, or none for a switch
   */
  public Optional<String> label() {
    return Optional.ofNullable(label);
  }

  /**
   * The value if nobody gives one.
   *
   * @return as one would write it, or none
   */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /**
   * What it means.
   *
   * @return one line, with the default
   */
  public String description() {
    return description
        + (defaultText == null || label == null ? "" : " (default: " + defaultText + ")")
        + ".";
  }

  Kind kind() {
    return kind;
  }

  /** The setting with a key. */
  static Optional<ServerSetting> find(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key().equals(key)).findFirst();
  }
}
