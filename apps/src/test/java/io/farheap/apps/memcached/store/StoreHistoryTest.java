package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many threads see of a key is what one after the other could have seen. */
@Timeout(180)
class StoreHistoryTest {
  @Test
  void historiesAreLinearizableUnderEviction() throws InterruptedException {
    try (FarHeap heap = FarHeap.open(HistoryRun.tenthLocal().build());
        ItemStore store = HistoryRun.store(heap, 16)) {
      HistoryRun run = new HistoryRun(store, 42, true);
      run.run(1500, () -> {});
      assertTrue(run.hits() > 5000, () -> run.hits() + " hits");
      assertTrue(store.stats().count(StoreCounter.EVICTIONS) > 0, () -> store.stats().toString());
      assertTrue(heap.stats().misses() > 1000);
      store.check();
    }
  }

  @Test
  void nothingVanishesWhereEverythingHasRoom() throws InterruptedException {
    try (FarHeap heap =
            FarHeap.open(HistoryRun.tenthLocal().farLocator("embedded:?latency=200us").build());
        ItemStore store = HistoryRun.store(heap, 40)) {
      HistoryRun run = new HistoryRun(store, 43, false);
      run.run(1000, () -> {});
      assertTrue(run.hits() > 3000, () -> run.hits() + " hits");
      assertTrue(store.stats().count(StoreCounter.EVICTIONS) == 0, () -> store.stats().toString());
      assertTrue(heap.stats().misses() > 1000);
    }
  }
}
