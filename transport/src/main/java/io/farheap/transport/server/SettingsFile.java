package io.farheap.transport.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A file with lines {@code KEY = VALUE}. Blank lines and lines that begin with {@code #} count for
 * nothing; there are no escapes and no continued lines.
 */
final class SettingsFile {
  /** No configuration is longer; a mistaken path may be. */
  private static final long MAX_FILE_BYTES = 1L << 20;

  private SettingsFile() {}

  /** Reads a file that {@code namedBy} names, and checks every line. */
  static Map<ServerSetting, SettingText> read(Path file, String namedBy) {
    List<String> lines = lines(file, namedBy);
    Map<ServerSetting, SettingText> texts = new EnumMap<>(ServerSetting.class);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        SettingText text = parse(line, file + ":" + (i + 1));
        text.check();
        SettingText previous = texts.putIfAbsent(text.setting(), text);
        if (previous != null) {
          throw new SettingException(
              text.origin(),
              text.setting().key() + " stands at " + previous.origin() + " already; keep one",
              null);
        }
      }
    }
    return texts;
  }

  private static SettingText parse(String line, String origin) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new SettingException(origin, "\"" + line + "\" is not KEY = VALUE", null);
    }
    String key = line.substring(0, equals).strip();
    String value = line.substring(equals + 1).strip();
    ServerSetting setting =
        ServerSetting.find(key)
            .filter(known -> known != ServerSetting.CONFIG)
            .orElseThrow(() -> unknown(origin, key, value));
    return new SettingText(setting, value, origin);
  }

  /** What to throw for a key that there is not. */
  static SettingException unknown(String origin, String key, String value) {
    return new SettingException(
        origin, key + " = \"" + value + "\": no such setting; " + ServerSetting.advice(key), null);
  }

  private static List<String> lines(Path file, String namedBy) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new SettingException(
            namedBy, file + " is longer than " + MAX_FILE_BYTES + " bytes", null);
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SettingException(namedBy, "cannot read " + file + " as UTF-8 text (" + e + ")", e);
    }
  }
}
