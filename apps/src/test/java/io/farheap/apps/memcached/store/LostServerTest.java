package io.farheap.apps.memcached.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory server is killed under load and comes back empty: items vanish, none is wrong. */
@Timeout(240)
class LostServerTest {
  private static final int ROUNDS = 900;
  private static final int KILL_EVERY = 300;

  private MemoryServer server;

  @Test
  void lostItemsAreMissesAndServiceGoesOn() throws IOException, InterruptedException {
    server = new MemoryServer(0);
    int port = server.port();
    try (FarHeap heap =
            FarHeap.open(
                HistoryRun.tenthLocal()
                    .farLocator("tcp://" + server.address() + "?retry=100ms")
                    .transportTimeout(Duration.ofMillis(200))
                    .frameWaitTimeout(Duration.ofMillis(300))
                    .build());
        ItemStore store = HistoryRun.store(heap, 16)) {
      HistoryRun run = new HistoryRun(store, 44, true);
      AtomicInteger rounds = new AtomicInteger();
      run.run(
          ROUNDS,
          () -> {
            int round = rounds.incrementAndGet();
            if (round % KILL_EVERY == KILL_EVERY / 2) {
              server.close();
            } else if (round % KILL_EVERY == KILL_EVERY / 2 + 5) {
              restart(port);
            }
          });
      StoreStats stats = store.stats();
      assertTrue(run.hits() > 3000, () -> run.hits() + " hits, " + stats);
      assertTrue(stats.count(StoreCounter.FAR_LOST_ITEMS) > 100, stats::toString);
      store.check();
    } finally {
      server.close();
    }
  }

  private void restart(int port) {
    server = new MemoryServer(port);
  }
}
