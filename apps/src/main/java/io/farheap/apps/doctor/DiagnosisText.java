package io.farheap.apps.doctor;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes a diagnosis for people and, as JSON, for scripts. */
public final class DiagnosisText {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private DiagnosisText() {}

  /**
   * First a line for each transport, then one for each finding, with its remedy below.
   *
   * @param diagnosis what was found
   * @return lines, each ended by {@code \n}
   */
  public static String lines(Diagnosis diagnosis) {
    StringBuilder text = new StringBuilder(2048);
    for (TransportKind transport : TransportKind.values()) {
      List<Diagnosis.Entry> obstacles = diagnosis.obstacles(transport);
      text.append(
          String.format(
              Locale.ROOT,
              "%-9s %s%n",
              transport.scheme(),
              obstacles.isEmpty()
                  ? "works here"
                  : "does not work here: " + obstacles.getFirst().finding().text()));
    }
    text.append('\n');
    for (Diagnosis.Entry entry : diagnosis.entries()) {
      Finding finding = entry.finding();
      text.append(
          String.format(
              Locale.ROOT,
              "%-7s %-15s %s%n",
              word(finding.verdict()),
              entry.check().name(),
              finding.text()));
      finding
          .remedy()
          .ifPresent(r -> text.append(String.format(Locale.ROOT, "%-24s-> %s%n", "", r)));
    }
    return text.toString();
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  /**
   * One line: {@code {"works": {"tcp": true, …}, "findings": [{"check": …, "verdict": …, "text": …,
   * "remedy": …}, …]}}, the remedy only where there is one.
   *
   * @param diagnosis what was found
   * @return a JSON object
   */
  public static String json(Diagnosis diagnosis) {
    Map<String, Boolean> works = new LinkedHashMap<>();
    for (TransportKind transport : TransportKind.values()) {
      works.put(transport.scheme(), diagnosis.works(transport));
    }
    List<Map<String, String>> findings = new ArrayList<>();
    for (Diagnosis.Entry entry : diagnosis.entries()) {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("check", entry.check().name());
      fields.put("verdict", word(entry.finding().verdict()));
      fields.put("text", entry.finding().text());
      entry.finding().remedy().ifPresent(remedy -> fields.put("remedy", remedy));
      findings.add(fields);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("works", works);
    root.put("findings", findings);
    return GSON.toJson(root);
  }
}
