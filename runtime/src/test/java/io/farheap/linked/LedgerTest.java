package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.error.StaleHandleException;
import io.farheap.options.HeapOptions;
import io.farheap.stats.Gauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of the guide to linked structures. */
class LedgerTest {
  private static final Path PROGRAM = Path.of("src/test/java/io/farheap/linked/Ledger.java");
  private static final Path GUIDE = Path.of("../docs/linked-structures.md");
  private static final int ENTRIES = 100_000;

  @Test
  void countsAndEndsEmpty() {
    HeapOptions options =
        HeapOptions.builder()
            .isolated()
            .localMemory("2MiB")
            .farMemory("64MiB")
            .slabSizeBytes(1 << 20)
            .hugePages(false)
            .build();
    try (FarHeap heap = FarHeap.open(options)) {
      Ledger ledger = new Ledger(heap);
      assertEquals(0, ledger.total());
      for (int i = 1; i <= ENTRIES; i++) {
        ledger.add(i);
      }
      assertEquals((long) ENTRIES * (ENTRIES + 1) / 2, ledger.total());
      for (int i = ENTRIES; i > 0; i--) {
        assertEquals(i, ledger.removeNewest());
      }
      assertThrows(StaleHandleException.class, ledger::removeNewest);
      assertEquals(0, heap.stats().level(Gauge.RECORDS_LIVE));
    }
  }

  @Test
  void isTheProgramOfTheGuide() throws IOException {
    String guide = Files.readString(GUIDE);
    String fence = "```java\n";
    int start = guide.indexOf(fence);
    assertTrue(start >= 0, "the guide shows no Java program");
    int end = guide.indexOf("```", start + fence.length());
    String program = Files.readString(PROGRAM);
    assertEquals(
        program.substring(program.indexOf("import ")),
        guide.substring(start + fence.length(), end));
  }
}
