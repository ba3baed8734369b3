package io.farheap.apps.stat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.farheap.transport.wire.ServerFigures;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatTextTest {
  private static final long MIB = 1 << 20;

  private static ServerFigures figures(long uptimeMillis, long reads, long bytesRead) {
    return new ServerFigures(
        uptimeMillis, 2, 4, 3, 16, 64 * MIB, reads, 20, bytesRead, 0, 7, 0, 0, 1, 900, 12_300);
  }

  private static List<String> words(List<ServerFigures> before, List<ServerFigures> now) {
    return List.of(StatText.line(before, now).strip().split(" +"));
  }

  @Test
  void ratesAreOfTheTimeBetweenTwoLooks() {
    List<String> words =
        words(List.of(figures(1000, 100, 0)), List.of(figures(1500, 600, 5_000_000)));
    assertEquals(List.of("2", "3/16", "192", "MiB", "1000", "0", "0", "10.0", "12.3", "1"), words);
  }

  @Test
  void severalServersAreAddedUp() {
    List<String> words =
        words(
            List.of(figures(1000, 100, 0), figures(9000, 0, 0)),
            List.of(figures(2000, 200, 0), figures(10_000, 50, 0)));
    assertEquals("4", words.getFirst());
    assertEquals("6/32", words.get(1));
    assertEquals("150", words.get(4));
  }

  @Test
  void aServerThatWasStartedAgainCountsFromZero() {
    List<String> words = words(List.of(figures(9000, 5000, 0)), List.of(figures(500, 50, 0)));
    assertEquals("100", words.get(4));
  }

  @Test
  void aLineFitsItsHeading() {
    List<ServerFigures> now = List.of(figures(1000, 1, 1));
    assertEquals(StatText.HEADING.length(), StatText.line(now, now).length());
  }

  @Test
  void jsonHasEveryFigureUnderItsName() throws ReflectiveOperationException {
    ServerFigures figures = figures(1000, 123, 456);
    JsonObject root =
        JsonParser.parseString(StatText.json("tcp://\"a\":1", List.of(figures))).getAsJsonObject();
    assertEquals("tcp://\"a\":1", root.get("locator").getAsString());
    JsonObject server = root.getAsJsonArray("servers").get(0).getAsJsonObject();
    List<RecordComponent> components = Arrays.asList(ServerFigures.class.getRecordComponents());
    assertEquals(
        components.stream().map(RecordComponent::getName).toList(), List.copyOf(server.keySet()));
    for (RecordComponent component : components) {
      assertEquals(
          component.getAccessor().invoke(figures), server.get(component.getName()).getAsLong());
    }
  }
}
