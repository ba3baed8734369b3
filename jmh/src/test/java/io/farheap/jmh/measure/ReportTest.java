package io.farheap.jmh.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.farheap.jmh.measure.BenchmarkContext.Effort;
import io.farheap.jmh.measure.Metric.Better;
import io.farheap.options.HeapOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form of reports. */
class ReportTest {
  private static Report sample() {
    BenchmarkContext context =
        new BenchmarkContext(
            Effort.QUICK,
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    context.noteHeap("l2", HeapOptions.builder().isolated().build());
    context.note("odd", "\"quoted\"\n\tä");
    context.note("rounds", 7);
    return new Report(
        "sample",
        context.environment(),
        List.of(
            Metric.lower("a.ratio", 1.5, Metric.RATIO),
            new Metric("b", 2e9, "op/s", Better.HIGHER)));
  }

  @Test
  void jsonHasExactlyTheFieldsPromised(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.json");
    sample().writeJson(file);
    JsonObject root =
        JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8)).getAsJsonObject();
    assertEquals(Set.of("benchmark", "environment", "metrics"), root.keySet());
    assertEquals("sample", root.get("benchmark").getAsString());
    JsonArray metrics = root.getAsJsonArray("metrics");
    assertEquals(2, metrics.size());
    for (JsonElement metric : metrics) {
      assertEquals(Set.of("name", "value", "unit", "better"), metric.getAsJsonObject().keySet());
    }
    JsonObject first = metrics.get(0).getAsJsonObject();
    assertEquals("a.ratio", first.get("name").getAsString());
    assertEquals(1.5, first.get("value").getAsDouble());
    assertEquals("ratio", first.get("unit").getAsString());
    assertEquals("lower", first.get("better").getAsString());
    assertEquals("higher", metrics.get(1).getAsJsonObject().get("better").getAsString());
  }

  @Test
  void environmentSaysWhatToCompareBy() {
    JsonObject environment =
        JsonParser.parseString(sample().toJson()).getAsJsonObject().getAsJsonObject("environment");
    for (String key :
        List.of("cpu", "cores", "memoryBytes", "jdk", "os", "kernel", "transparentHugePages")) {
      assertTrue(environment.has(key), key);
    }
    assertTrue(environment.get("quick").getAsBoolean());
    assertEquals(7, environment.get("rounds").getAsInt());
    assertEquals("\"quoted\"\n\tä", environment.get("odd").getAsString());
    String options = environment.getAsJsonObject("heapOptions").get("l2").toString();
    assertTrue(options.contains("local-memory"), options);
  }

  @Test
  void aFigureThatIsNoNumberIsRefused() {
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Metric.lower("bad", value, "ns"));
      assertTrue(refused.getMessage().contains("bad"), refused.getMessage());
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed(@TempDir Path folder) {
    Path file = folder.resolve("nowhere").resolve("report.json");
    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> sample().writeJson(file));
    assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
  }
}
