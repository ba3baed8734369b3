package io.farheap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.options.HeapOptions;
import io.farheap.stats.Gauge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an object is said to take of far memory, against what the heap takes for it. */
class FootprintTest {
  private static final int PAGE = 4096;

  private static FarHeap open() {
    return FarHeap.open(
        HeapOptions.builder().isolated().localMemory("4MiB").hugePages(false).build());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9, 24, 25, 100, 1000, 4072, 4073, 4088})
  void aSmallObjectTakesItsHeaderAndItsPadding(int lengthBytes) {
    try (FarHeap heap = open()) {
      long before = heap.stats().level(Gauge.FAR_BYTES_LIVE);
      heap.allocateBytes(lengthBytes);
      long taken = heap.stats().level(Gauge.FAR_BYTES_LIVE) - before;
      assertEquals(taken, FarHeap.footprintBytes(lengthBytes));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16, 32})
  void aLargeObjectTakesWholePages(int pages) {
    int most = pages * PAGE - 8;
    assertEquals((long) pages * PAGE, FarHeap.footprintBytes(most));
    assertTrue(FarHeap.footprintBytes(most + 1) > (long) pages * PAGE);
    if (pages > 1) {
      try (FarHeap heap = open()) {
        long segment = 64 * PAGE;
        long before = heap.stats().level(Gauge.FAR_BYTES_TOTAL);
        for (int i = 0; i < 2 * 64 / pages; i++) {
          heap.allocateBytes(most);
        }
        long taken = heap.stats().level(Gauge.FAR_BYTES_TOTAL) - before;
        assertEquals(2 * segment, taken, "objects of " + pages + " pages fill two segments");
      }
    }
  }

  @Test
  void aNegativeLengthIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> FarHeap.footprintBytes(-1));
  }
}
