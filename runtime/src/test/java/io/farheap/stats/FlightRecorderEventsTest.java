package io.farheap.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderEventsTest {
  @TempDir private Path folder;

  @Test
  void everyEventArrivesWithItsFields() throws IOException {
    Map<String, RecordedEvent> events =
        record(Recording::enable).stream()
            .collect(Collectors.toMap(e -> e.getEventType().getName(), Function.identity()));
    assertEquals(4, events.size());

    RecordedEvent fetch = events.get("io.farheap.SlowFetch");
    assertEquals("page", fetch.getString("path"));
    assertEquals(0x1000, fetch.getLong("farAddress"));
    assertEquals(4096, fetch.getLong("lengthBytes"));
    assertEquals(Duration.ofMillis(12), fetch.getDuration("waitNanos"));

    RecordedEvent stall = events.get("io.farheap.Stall");
    assertEquals(Duration.ofMillis(3), stall.getDuration("waitNanos"));
    assertEquals(7, stall.getLong("framesFree"));
    assertEquals("no clean frame", stall.getString("reason"));

    RecordedEvent scope = events.get("io.farheap.LongScope");
    assertEquals(Duration.ofSeconds(2), scope.getDuration("ageNanos"));
    assertEquals("worker", scope.getString("scopeThread"));
    assertEquals("App.java:12", scope.getString("place"));

    RecordedEvent leak = events.get("io.farheap.Leak");
    assertEquals(9, leak.getLong("handle"));
    assertEquals(256, leak.getLong("lengthBytes"));
    assertEquals("App.java:34", leak.getString("allocationSite"));
  }

  @Test
  void whatARecordingDoesNotWantIsNotEmitted() throws IOException {
    assertEquals(List.of(), record(Recording::disable));
  }

  private List<RecordedEvent> record(Toggle toggle) throws IOException {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      for (String name : List.of("SlowFetch", "Stall", "LongScope", "Leak")) {
        toggle.apply(recording, "io.farheap." + name);
      }
      recording.start();
      SlowFetchEvent.commit("page", 0x1000, 4096, 12_000_000);
      StallEvent.commit(3_000_000, 7, "no clean frame");
      LongScopeEvent.commit(2_000_000_000L, "worker", "App.java:12");
      LeakEvent.commit(9, 256, "App.java:34");
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.farheap."))
        .toList();
  }

  /** Turns an event on or off. */
  private interface Toggle {
    Object apply(Recording recording, String eventName);
  }
}
