package io.farheap.internal.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.allocator.Epochs;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tags of slots against a plain walk. */
class SlotTagsTest {
  private static final int THREADS = 600;

  private final SlotTags tags = new SlotTags();
  private final byte[] model = new byte[Epochs.MAX_SLOTS];
  private final Thread[] threads = new Thread[THREADS];

  SlotTagsTest() {
    for (int i = 0; i < THREADS; i++) {
      threads[i] = Thread.ofVirtual().unstarted(() -> {});
    }
  }

  private int nextOfModel(Thread thread, int from, int window) {
    int slot = from;
    while (slot < window && model[slot] != (byte) thread.threadId()) {
      slot++;
    }
    return slot;
  }

  private void checkAll(Thread thread, int from, int window) {
    for (int slot = from; slot < window; slot++) {
      int expected = nextOfModel(thread, slot, window);
      assertEquals(expected, tags.next(thread, slot, window), "from slot " + slot);
      slot = expected;
    }
    assertEquals(window, tags.next(thread, window, window));
  }

  @Test
  void findsWhatAPlainWalkFinds() {
    Random random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      int window = 64 << random.nextInt(11);
      for (int i = random.nextInt(100); i > 0; i--) {
        int slot = random.nextInt(window);
        Thread thread = threads[random.nextInt(THREADS)];
        tags.set(slot, thread);
        model[slot] = (byte) thread.threadId();
      }
      checkAll(threads[random.nextInt(THREADS)], random.nextInt(window), window);
    }
  }

  @Test
  void aTagBesideOneThatDiffersByTheLowestBitIsNotTakenForIt() {
    for (int slot = 0; slot < 64; slot++) {
      Thread thread = threads[slot % 2];
      tags.set(slot, thread);
      model[slot] = (byte) thread.threadId();
    }
    checkAll(threads[0], 0, 64);
    checkAll(threads[1], 0, 64);
  }
}
