package io.farheap.server;

import io.farheap.base.settings.SettingException;
import io.farheap.base.settings.SettingText;
import io.farheap.base.settings.SettingVariables;
import io.farheap.base.settings.SettingsFile;
import io.farheap.base.text.HostPort;
import io.farheap.transport.security.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The settings of a memory server, from options, environment and file: an option wins over a
 * variable, a variable over a line of the file. Everything that is said is checked, also where a
 * stronger source overrides it: a wrong line in a file is wrong.
 */
public final class ServerSettings {
  private static final String SCHEME = "tcp://";

  private final Map<ServerSetting, SettingText> texts = new EnumMap<>(ServerSetting.class);

  private ServerSettings() {}

  /**
   * Reads all settings.
   *
   * @param options what the command line says; the file that it names is read
   * @param environment the environment's variables
   * @return the settings
   * @throws SettingException if a key or a value is wrong, or the file cannot be read
   */
  public static ServerSettings read(
      Map<ServerSetting, String> options, Map<String, String> environment) {
    ServerSettings own = new ServerSettings();
    for (ServerSetting setting : ServerSetting.values()) {
      setting
          .defaultText()
          .ifPresent(text -> own.put(new SettingText(setting.key(), text, "default")));
    }
    ServerSettings variables = new ServerSettings();
    SettingVariables.read(environment, ServerSetting.ENVIRONMENT_PREFIX)
        .values()
        .forEach(variables::put);
    ServerSettings words = new ServerSettings();
    options.forEach(
        (setting, text) ->
            words.put(new SettingText(setting.key(), text.strip(), "--" + setting.key())));
    SettingText file =
        words.texts.getOrDefault(ServerSetting.CONFIG, variables.texts.get(ServerSetting.CONFIG));
    if (file != null) {
      ServerSettings lines = new ServerSettings();
      SettingsFile.read(file, "").values().forEach(lines::putLine);
      own.texts.putAll(lines.texts);
    }
    own.texts.putAll(variables.texts);
    own.texts.putAll(words.texts);
    return own;
  }

  /** A file does not name another. */
  private void putLine(SettingText text) {
    if (text.key().equals(ServerSetting.CONFIG.key())) {
      throw ServerSetting.NAMES.unknown(text);
    }
    put(text);
  }

  private void put(SettingText text) {
    ServerSetting setting =
        ServerSetting.find(text.key()).orElseThrow(() -> ServerSetting.NAMES.unknown(text));
    check(setting.kind(), text);
    texts.put(setting, text);
  }

  /** Refuses a text that is no value of its kind. */
  private static void check(ServerSetting.Kind kind, SettingText text) {
    switch (kind) {
      case ADDRESSES -> addresses(text);
      case SIZE -> bytes(text);
      case TIME -> millis(text);
      case COUNT -> count(text);
      case FLAG -> text.flag();
      case PATH -> text.path();
      case DEVICE_ADDRESS -> deviceAddress(text);
      case WORD -> text.name();
    }
  }

  /**
   * The configuration.
   *
   * @return values that fit together
   * @throws SettingException if they do not; the message says where the wrong one stands
   */
  public ServerConfig config() {
    try {
      return new ServerConfig(
          addresses(text(ServerSetting.LISTEN)),
          bytes(text(ServerSetting.MEMORY)),
          bytes(text(ServerSetting.SLAB)),
          path(ServerSetting.MEMORY_FILE),
          tls(),
          path(ServerSetting.TOKEN_FILE),
          text(ServerSetting.INSECURE).flag(),
          millis(text(ServerSetting.LEASE)),
          millis(text(ServerSetting.SILENCE)),
          count(text(ServerSetting.MAX_CONNECTIONS)),
          find(ServerSetting.THREADS)
              .map(ServerSettings::count)
              .orElseGet(ServerConfig::defaultThreads),
          find(ServerSetting.RDMA).map(this::rdma));
    } catch (SettingException e) {
      throw e.origin().equals(ServerConfig.ORIGIN)
          ? e.at(
              ServerSetting.find(e.key())
                  .flatMap(this::find)
                  .map(SettingText::origin)
                  .orElse("settings"))
          : e;
    }
  }

  private Optional<TlsFiles> tls() {
    Optional<SettingText> one =
        find(ServerSetting.TLS_CERT)
            .or(() -> find(ServerSetting.TLS_KEY))
            .or(() -> find(ServerSetting.TLS_CA));
    return one.map(
        given -> {
          try {
            return new TlsFiles(
                path(ServerSetting.TLS_CERT),
                path(ServerSetting.TLS_KEY),
                path(ServerSetting.TLS_CA));
          } catch (IllegalArgumentException e) {
            throw given.wrong("files that go together: " + e.getMessage(), e);
          }
        });
  }

  private RdmaConfig rdma(SettingText address) {
    String provider = text(ServerSetting.RDMA_PROVIDER).name();
    try {
      return new RdmaConfig(deviceAddress(address), provider);
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw address.wrong("the address of one device: " + e.getMessage(), e);
    }
  }

  /**
   * How long a server that is told to stop waits for its clients.
   *
   * @return milliseconds, 0 or more
   */
  public int drainMillis() {
    return millis(text(ServerSetting.DRAIN));
  }

  private static long bytes(SettingText text) {
    return text.bytes(0, Long.MAX_VALUE);
  }

  private static int millis(SettingText text) {
    long millis = TimeUnit.NANOSECONDS.toMillis(text.nanos(0, Long.MAX_VALUE));
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  private static int count(SettingText text) {
    return (int) text.integer(0, Integer.MAX_VALUE);
  }

  private static List<InetSocketAddress> addresses(SettingText text) {
    String allowed = "tcp://HOST:PORT, several of them separated by commas";
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String word : text.text().split(",", -1)) {
      String one = word.strip();
      if (!one.startsWith(SCHEME)) {
        throw text.wrong(allowed);
      }
      try {
        addresses.add(resolved(text, HostPort.parse(one.substring(SCHEME.length()))));
      } catch (SettingException e) {
        throw e;
      } catch (IllegalArgumentException e) {
        throw text.wrong(allowed, e);
      }
    }
    return addresses;
  }

  /** The address of an RDMA device; any free port if none is given. */
  private static InetSocketAddress deviceAddress(SettingText text) {
    try {
      return resolved(text, HostPort.parse(text.text(), 0));
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw text.wrong("ADDRESS or ADDRESS:PORT of an RDMA device, as 192.0.2.7", e);
    }
  }

  private static InetSocketAddress resolved(SettingText text, HostPort place) {
    InetSocketAddress address = place.resolve();
    if (address.isUnresolved()) {
      throw text.wrong(
          "the name or number of an address of this machine; '" + place.host() + "' is none");
    }
    return address;
  }

  private Optional<Path> path(ServerSetting setting) {
    return find(setting).map(SettingText::path);
  }

  private SettingText text(ServerSetting setting) {
    return find(setting).orElseThrow();
  }

  private Optional<SettingText> find(ServerSetting setting) {
    return Optional.ofNullable(texts.get(setting));
  }
}
