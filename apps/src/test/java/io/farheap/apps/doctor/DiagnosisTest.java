package io.farheap.apps.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DiagnosisTest {

  private record Fake(String name, Set<TransportKind> concerns, Supplier<List<Finding>> found)
      implements Check {
    @Override
    public List<Finding> examine() {
      return found.get();
    }
  }

  private static Fake check(TransportKind transport, Finding... found) {
    return new Fake("about-" + transport.scheme(), Set.of(transport), () -> List.of(found));
  }

  private static Diagnosis sample() {
    return Diagnosis.of(
        List.of(
            check(TransportKind.TCP, Finding.ok("fine"), Finding.advice("slow", "hurry")),
            check(TransportKind.RDMA, Finding.broken("no card", "buy one")),
            check(TransportKind.RDMA, Finding.broken("no cable", "plug it in"))));
  }

  @Test
  void onlyWhatIsBrokenStopsATransport() {
    Diagnosis diagnosis = sample();
    assertTrue(diagnosis.works(TransportKind.TCP));
    assertTrue(diagnosis.works(TransportKind.SHM));
    assertFalse(diagnosis.works(TransportKind.RDMA));
    assertEquals("no card", diagnosis.obstacles(TransportKind.RDMA).getFirst().finding().text());
  }

  @Test
  void aCheckThatFailsItselfIsABrokenFinding() {
    Fake failing =
        new Fake(
            "failing",
            Set.of(TransportKind.SHM),
            () -> {
              throw new IllegalStateException("on fire");
            });
    Diagnosis diagnosis = Diagnosis.of(List.of(failing));
    assertFalse(diagnosis.works(TransportKind.SHM));
    assertTrue(diagnosis.entries().getFirst().finding().text().contains("on fire"));
  }

  @Test
  void linesNameTheFirstObstacleAndEveryRemedy() {
    String text = DiagnosisText.lines(sample());
    assertTrue(text.contains("tcp       works here\n"), text);
    assertTrue(text.contains("rdma      does not work here: no card\n"), text);
    assertTrue(text.contains("broken  about-rdma      no cable\n"), text);
    for (String remedy : List.of("-> hurry", "-> buy one", "-> plug it in")) {
      assertTrue(text.contains(remedy), text);
    }
  }

  @Test
  void jsonHasTheSame() {
    JsonObject root = JsonParser.parseString(DiagnosisText.json(sample())).getAsJsonObject();
    assertTrue(root.getAsJsonObject("works").get("tcp").getAsBoolean());
    assertFalse(root.getAsJsonObject("works").get("rdma").getAsBoolean());
    JsonObject last = root.getAsJsonArray("findings").get(3).getAsJsonObject();
    assertEquals("about-rdma", last.get("check").getAsString());
    assertEquals("broken", last.get("verdict").getAsString());
    assertEquals("no cable", last.get("text").getAsString());
    assertEquals("plug it in", last.get("remedy").getAsString());
    assertFalse(root.getAsJsonArray("findings").get(0).getAsJsonObject().has("remedy"));
  }
}
