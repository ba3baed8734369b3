package io.farheap.base.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Settings in the variables of an environment: {@code FARHEAP_LOCAL_MEMORY} for local-memory. */
public final class SettingVariables {
  private SettingVariables() {}

  /**
   * The variables that begin with a prefix.
   *
   * @param environment all variables
   * @param prefix what precedes the key's words
   * @return by key, in the order of the variables' names
   */
  public static Map<String, SettingText> read(Map<String, String> environment, String prefix) {
    Map<String, SettingText> texts = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .tailMap(prefix)
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix)) {
                String key = SettingNames.ofVariable(name.substring(prefix.length()));
                texts.put(key, new SettingText(key, value.strip(), "environment " + name));
              }
            });
    return texts;
  }
}
