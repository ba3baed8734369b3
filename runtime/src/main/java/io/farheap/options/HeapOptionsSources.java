package io.farheap.options;

import io.farheap.base.settings.SettingException;
import io.farheap.base.settings.SettingText;
import io.farheap.base.settings.SettingsFile;
import io.farheap.error.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where settings come from apart from the builder, so that tests can bring their own.
 *
 * @param environment the environment's variables
 * @param configProperty the value of the system property {@code farheap.config}, or null
 * @param machine what defaults and percentages refer to
 */
record HeapOptionsSources(
    Map<String, String> environment, String configProperty, HeapOptionsMachine machine) {
  /** The system property that names the configuration file. */
  static final String CONFIG_PROPERTY = "farheap.config";

  /** The environment variable that names it, if the system property is absent. */
  static final String CONFIG_VARIABLE = HeapOptionsKey.ENVIRONMENT_PREFIX + "CONFIG";

  /** This process's sources. */
  static HeapOptionsSources system() {
    return new HeapOptionsSources(
        System.getenv(), System.getProperty(CONFIG_PROPERTY), HeapOptionsMachine.detect());
  }

  /**
   * The entries of the configuration file.
   *
   * @param explicitFile the file that the program names, or null
   * @return none if nobody names a file
   * @throws ConfigurationException if the file can't be read, is malformed or names a key twice
   */
  Map<String, SettingText> fileEntries(Path explicitFile) {
    if (explicitFile != null) {
      return read(explicitFile.toString(), "program");
    }
    if (configProperty != null) {
      return read(configProperty, "-D" + CONFIG_PROPERTY);
    }
    String variable = environment.get(CONFIG_VARIABLE);
    return variable == null ? Map.of() : read(variable, "environment " + CONFIG_VARIABLE);
  }

  private static Map<String, SettingText> read(String path, String origin) {
    try {
      return SettingsFile.read(new SettingText("config", path, origin), HeapOptionsKey.KEY_PREFIX);
    } catch (SettingException e) {
      throw new ConfigurationException(e.key(), e.value(), e.allowed(), e.origin(), e);
    }
  }
}
