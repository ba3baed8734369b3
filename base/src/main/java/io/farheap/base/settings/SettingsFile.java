package io.farheap.base.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A file of settings in the format of {@link Properties}, in UTF-8. Each is read with the line that
 * it begins on, which {@code Properties} itself does not tell.
 */
public final class SettingsFile {
  /** No configuration is longer; a mistaken path may be. */
  private static final long MAX_FILE_BYTES = 1L << 20;

  private SettingsFile() {}

  /**
   * Reads a file.
   *
   * @param named the setting that names it, and where
   * @param prefix what keys may begin with, so that they can live beside other programs' keys
   * @return each text by its key without the prefix, in the file's order
   * @throws SettingException if the file cannot be read, is malformed or has a key twice
   */
  public static Map<String, SettingText> read(SettingText named, String prefix) {
    Path file = named.path();
    return read(lines(named, file), file.toString(), prefix);
  }

  /**
   * Reads a file's lines.
   *
   * @param lines the lines
   * @param name what messages call the file
   * @param prefix what keys may begin with
   */
  static Map<String, SettingText> read(List<String> lines, String name, String prefix) {
    Map<String, SettingText> entries = new LinkedHashMap<>();
    int next = 0;
    while (next < lines.size()) {
      String place = name + ":" + (next + 1);
      StringBuilder entry = new StringBuilder(lines.get(next++));
      if (isBlankOrComment(entry)) {
        continue;
      }
      while (isContinued(entry) && next < lines.size()) {
        entry.append('\n').append(lines.get(next++));
      }
      add(entries, parse(entry.append('\n').toString(), place), place, prefix);
    }
    return entries;
  }

  private static void add(
      Map<String, SettingText> entries, Properties parsed, String place, String prefix) {
    // A stray backslash before a blank line is an entry of nothing.
    parsed.remove("", "");
    for (String written : parsed.stringPropertyNames()) {
      String key = written.startsWith(prefix) ? written.substring(prefix.length()) : written;
      SettingText text = new SettingText(key, parsed.getProperty(written), place);
      SettingText previous = entries.putIfAbsent(key, text);
      if (previous != null) {
        throw text.wrong("each key once; it also stands at " + previous.origin());
      }
    }
  }

  private static List<String> lines(SettingText named, Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw named.wrong("a file of at most " + MAX_FILE_BYTES + " bytes");
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw named.wrong("a readable properties file in UTF-8 (" + e + ")", e);
    }
  }

  private static Properties parse(String entry, String place) {
    Properties parsed = new Properties();
    try {
      parsed.load(new StringReader(entry));
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException(
          place, "line", entry.strip(), "key = value, with \\uXXXX for escapes", e);
    }
    return parsed;
  }

  private static boolean isBlankOrComment(CharSequence line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c != ' ' && c != '\t' && c != '\f') {
        return c == '#' || c == '!';
      }
    }
    return true;
  }

  /** An entry goes on with the next line if it ends with an odd number of backslashes. */
  private static boolean isContinued(CharSequence entry) {
    int backslashes = 0;
    while (backslashes < entry.length() && entry.charAt(entry.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
