package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.farheap.FarHeap;
import io.farheap.HeapOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
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
  private int received;

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

  @Test
  void aGetOfALocalItemAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (FarHeap heap = heap();
        ItemStore store = ItemStore.open(heap, StoreOptions.standard());
        Arena arena = Arena.ofConfined()) {
      MemorySegment names = arena.allocate(32 * 1000);
      MemorySegment value = arena.allocate(100);
      for (int i = 0; i < 1000; i++) {
        names.setString(32L * i, String.format("item:%011d", i));
        key.at(names, 32L * i, 16);
        Outcome outcome = store.set(key, new SetRequest().set(value, 0, 100, 0, 0), info, true);
        assertEquals(Outcome.STORED, outcome);
      }
      MemorySegment target = arena.allocate(1000);
      ItemSink sink =
          found -> {
            received++;
            found.copyValueTo(target, 1);
          };
      GetRequest request = new GetRequest();
      long least = Long.MAX_VALUE;
      // The first rounds run before the JIT has seen enough.
      for (int round = 0; round < 200 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
          key.at(names, 32L * (i % 1000), 16);
          if (store.get(key, request, sink, info, false) == Outcome.MISS) {
            throw new AssertionError("item " + i % 1000 + " is not there");
          }
        }
        least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 20_000);
      }
      assertEquals(0, least, "bytes a get");
      assertTrue(received > 20_000);
      assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  private static FarHeap heap() {
    return FarHeap.open(
        HeapOptions.builder()
            .isolated()
            .localMemory("128MiB")
            .farMemory("256MiB")
            .segmentChecks(false)
            .build());
  }
}
