package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.options.HeapOptions;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an item costs in memory, and a get in garbage. */
@Timeout(180)
class StoreCostTest {
  private static final int ITEMS = 200_000;
  private static final int RECORD_BYTES = 16;

  /** As much as memcached's header and CAS unique. */
  private static final int MOST_BYTES = 56;

  /** Objects begin on 16 bytes. */
  private static final int PADDING_BYTES = 8;

  private final ItemKey key = new ItemKey();
  private final ItemInfo info = new ItemInfo();

  @Test
  void anItemTakesNoMoreBesideItsKeyAndValueThanMemcachedsHeader() {
    try (FarHeap heap = heap();
        ItemStore store = ItemStore.open(heap, StoreOptions.standard().withBackground(false))) {
      Random random = new Random(3);
      long content = 0;
      MemorySegment value = MemorySegment.ofArray(new byte[400]);
      for (int i = 0; i < ITEMS; i++) {
        int length = random.nextInt(400);
        byte[] name = ("item:" + i).getBytes(StandardCharsets.US_ASCII);
        key.at(MemorySegment.ofArray(name), 0, name.length);
        Outcome outcome = store.set(key, new SetRequest().set(value, 0, length, 0, 0), info, true);
        assertEquals(Outcome.STORED, outcome);
        content += name.length + length;
      }
      StoreStats stats = store.stats();
      double local = (double) stats.indexBytes() / ITEMS + RECORD_BYTES;
      double inHeap = (double) (stats.bytes() - content) / ITEMS;
      String figures = String.format("%.1f B local always and %.1f B with the item", local, inHeap);
      assertTrue(local + inHeap - PADDING_BYTES <= MOST_BYTES, figures);
      assertTrue(local <= 40, figures);
    }
  }

  /** In a process of its own: what the JIT makes of it depends on what else a process has run. */
  @Test
  void aGetOfALocalItemAllocatesNothing() throws Exception {
    try (ChildProcess cost = JavaCommand.of(GetCost.class).errorsWithOutput().start()) {
      assertEquals(0, cost.awaitEnd(), cost::said);
      assertEquals("0", cost.said().lines().reduce("", (first, last) -> last), cost::said);
    }
  }

  static FarHeap heap() {
    return FarHeap.open(
        HeapOptions.builder()
            .isolated()
            .localMemory("128MiB")
            .farMemory("256MiB")
            .segmentChecks(false)
            .build());
  }
}
