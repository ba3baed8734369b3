package io.farheap;

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
 * Reads a configuration file in the format of {@link Properties}, in UTF-8, and keeps for each
 * entry the line it begins on, which {@code Properties} itself doesn't.
 */
final class HeapOptionsFile {
  /** No configuration is longer; a mistaken path may be. */
  private static final long MAX_FILE_BYTES = 1L << 20;

  private HeapOptionsFile() {}

  /**
   * Reads a file.
   *
   * @param file its path
   * @param origin what named the path, for messages about the path itself
   * @return each key's text and the place it stands at
   * @throws ConfigurationException if the file can't be read, is malformed or names a key twice
   */
  static Map<String, HeapOptionsText> read(Path file, String origin) {
    return read(lines(file, origin), file.toString());
  }

  /**
   * Reads a file's lines.
   *
   * @param lines the lines
   * @param name what messages call the file
   */
  static Map<String, HeapOptionsText> read(List<String> lines, String name) {
    Map<String, HeapOptionsText> entries = new LinkedHashMap<>();
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
      add(entries, parse(entry.append('\n').toString(), place), place);
    }
    return entries;
  }

  private static void add(Map<String, HeapOptionsText> entries, Properties parsed, String place) {
    // A stray backslash before a blank line is an entry of nothing.
    parsed.remove("", "");
    for (String key : parsed.stringPropertyNames()) {
      HeapOptionsText text = new HeapOptionsText(parsed.getProperty(key), place);
      HeapOptionsText previous = entries.putIfAbsent(HeapOptionsKey.bare(key), text);
      if (previous != null) {
        throw new ConfigurationException(
            key, text.text(), "each key once; it also stands at " + previous.origin(), place);
      }
    }
  }

  private static List<String> lines(Path file, String origin) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new ConfigurationException(
            "config", file.toString(), "a file of at most " + MAX_FILE_BYTES + " bytes", origin);
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigurationException(
          "config", file.toString(), "a readable properties file in UTF-8 (" + e + ")", origin, e);
    }
  }

  private static Properties parse(String entry, String place) {
    Properties parsed = new Properties();
    try {
      parsed.load(new StringReader(entry));
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "line", entry.strip(), "key = value, with \\uXXXX for escapes", place, e);
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
