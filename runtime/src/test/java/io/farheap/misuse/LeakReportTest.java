package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.UniquePtr;
import io.farheap.leakdemo.Careless;
import io.farheap.stats.Counter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pointers that are forgotten. */
class LeakReportTest {
  private static final String EVENT = "io.farheap.Leak";

  @Test
  @Timeout(60)
  @SuppressWarnings("try") // the heap is closed early; closing it again does nothing
  void forgottenPointersAreCountedAndTheirSiteIsNamed(@TempDir Path folder) throws IOException {
    try (FarHeap heap = FarHeap.open(Heaps.options().strictLeaks(true).build());
        Recording recording = new Recording()) {
      recording.enable(EVENT);
      recording.start();
      UniquePtr<byte[]> kept = heap.allocateBytes(8);
      for (int i = 0; i < 10; i++) {
        heap.allocateBytes(8).close();
        heap.allocateBytes(8).move().free();
      }
      forget(heap);
      while (heap.stats().count(Counter.LEAKS) < 1) {
        System.gc();
        Thread.onSpinWait();
      }
      assertEquals(1, heap.stats().count(Counter.LEAKS));
      kept.close();
      heap.close(); // ends the agent, which counts first and tells the recorder next
      recording.stop();
      Path file = folder.resolve("leak.jfr");
      recording.dump(file);
      List<RecordedEvent> events =
          RecordingFile.readAllEvents(file).stream()
              .filter(event -> event.getEventType().getName().equals(EVENT))
              .toList();
      assertEquals(1, events.size());
      assertTrue(
          events.getFirst().toString().contains(Careless.class.getSimpleName()),
          events.getFirst()::toString);
    }
  }

  private static void forget(FarHeap heap) {
    UniquePtr<byte[]> forgotten = Careless.allocateHere(() -> heap.allocateBytes(100));
    assertEquals(100, forgotten.lengthBytes());
  }
}
