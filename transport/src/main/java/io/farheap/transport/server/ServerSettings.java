package io.farheap.transport.server;

import io.farheap.transport.security.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of a memory server, from options, environment and file: an option wins over a
 * variable, a variable over a line of the file. Everything that is said is checked, also where a
 * stronger source overrides it: a wrong line in a file is wrong.
 */
public final class ServerSettings {
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
      setting.defaultText().ifPresent(text -> own.put(setting, text, "default"));
    }
    ServerSettings variables = variables(environment);
    ServerSettings words = new ServerSettings();
    options.forEach((setting, text) -> words.put(setting, text, "--" + setting.key()));
    SettingText file =
        words.texts.getOrDefault(ServerSetting.CONFIG, variables.texts.get(ServerSetting.CONFIG));
    if (file != null) {
      own.texts.putAll(SettingsFile.read(file.path(), file.origin()));
    }
    own.texts.putAll(variables.texts);
    own.texts.putAll(words.texts);
    return own;
  }

  private static ServerSettings variables(Map<String, String> environment) {
    ServerSettings variables = new ServerSettings();
    new TreeMap<>(environment)
        .tailMap(ServerSetting.ENVIRONMENT_PREFIX)
        .forEach(
            (name, text) -> {
              if (name.startsWith(ServerSetting.ENVIRONMENT_PREFIX)) {
                variables.put(variable(name, text), text, "environment " + name);
              }
            });
    return variables;
  }

  private static ServerSetting variable(String name, String text) {
    for (ServerSetting setting : ServerSetting.values()) {
      if (setting.variable().equals(name)) {
        return setting;
      }
    }
    String key =
        name.substring(ServerSetting.ENVIRONMENT_PREFIX.length())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    throw SettingsFile.unknown("environment " + name, key, text);
  }

  private void put(ServerSetting setting, String text, String origin) {
    SettingText value = new SettingText(setting, text.strip(), origin);
    value.check();
    texts.put(setting, value);
  }

  /**
   * The configuration.
   *
   * @return values that fit together
   * @throws SettingException if they do not; the message says where the wrong one stands
   */
  public ServerConfig config() {
    try {
      TlsFiles files =
          new TlsFiles(
              path(ServerSetting.TLS_CERT),
              path(ServerSetting.TLS_KEY),
              path(ServerSetting.TLS_CA));
      boolean tls =
          files.certificate().isPresent()
              || files.key().isPresent()
              || files.authority().isPresent();
      return new ServerConfig(
          addresses(),
          text(ServerSetting.MEMORY).bytes(),
          text(ServerSetting.SLAB).bytes(),
          path(ServerSetting.MEMORY_FILE),
          tls ? Optional.of(files) : Optional.empty(),
          path(ServerSetting.TOKEN_FILE),
          text(ServerSetting.INSECURE).flag(),
          text(ServerSetting.LEASE).millis(),
          text(ServerSetting.SILENCE).millis(),
          text(ServerSetting.MAX_CONNECTIONS).count(),
          find(ServerSetting.THREADS)
              .map(SettingText::count)
              .orElseGet(ServerConfig::defaultThreads),
          find(ServerSetting.RDMA).map(this::rdma));
    } catch (SettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new SettingException(origin(e.getMessage()), e.getMessage(), e);
    }
  }

  /** Where the setting stands that a message begins with. */
  private String origin(String message) {
    String word = message.split("[^a-z-]", 2)[0];
    return ServerSetting.find(word).flatMap(this::find).map(SettingText::origin).orElse("settings");
  }

  private List<InetSocketAddress> addresses() {
    return text(ServerSetting.LISTEN).addresses();
  }

  private RdmaConfig rdma(SettingText address) {
    return new RdmaConfig(address.deviceAddress(), text(ServerSetting.RDMA_PROVIDER).word());
  }

  /**
   * How long a server that is told to stop waits for its clients.
   *
   * @return milliseconds, 0 or more
   */
  public int drainMillis() {
    return text(ServerSetting.DRAIN).millis();
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
