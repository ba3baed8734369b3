package io.farheap.jmh.measure;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a benchmark found, and where.
 *
 * @param benchmark its name
 * @param environment facts about machine, heaps and run: strings, numbers, truth values, lists and
 *     maps of such
 * @param metrics the figures
 */
public record Report(String benchmark, Map<String, Object> environment, List<Metric> metrics) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public Report {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    metrics = List.copyOf(metrics);
  }

  /** Prints the figures as a table. */
  public void print(PrintStream out) {
    out.printf(Locale.ROOT, "%n%-32s %14s  %-10s %s%n", benchmark, "value", "unit", "better");
    for (Metric metric : metrics) {
      out.printf(
          Locale.ROOT,
          "%-32s %14.3f  %-10s %s%n",
          metric.name(),
          metric.value(),
          metric.unit(),
          metric.better().word());
    }
    out.flush();
  }

  /** The report as JSON: an object with {@code benchmark}, {@code environment}, {@code metrics}. */
  String toJson() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("benchmark", benchmark);
    root.put("environment", environment);
    root.put("metrics", metrics.stream().map(Report::fields).toList());
    return GSON.toJson(root) + "\n";
  }

  /**
   * Writes the report as JSON, over what was there.
   *
   * @throws UncheckedIOException if the file can't be written
   */
  public void writeJson(Path file) {
    try {
      Files.writeString(file, toJson(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the figures could not be written to " + file + "; name a file that can be written", e);
    }
  }

  private static Map<String, Object> fields(Metric metric) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", metric.name());
    fields.put("value", metric.value());
    fields.put("unit", metric.unit());
    fields.put("better", metric.better().word());
    return fields;
  }
}
