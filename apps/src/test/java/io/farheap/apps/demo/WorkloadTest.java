package io.farheap.apps.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.apps.random.ZipfSampler;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final int ITEMS = 100_000;
  private static final int OPERATIONS = 20_000;

  private static Workload workload(long seed, int thread) {
    return new Workload(seed, thread, ITEMS, new ZipfSampler(ITEMS, 0.99));
  }

  private static int[] keys(Workload workload) {
    int[] keys = new int[OPERATIONS];
    for (int i = 0; i < OPERATIONS; i++) {
      workload.next();
      keys[i] = workload.isUpdate() ? ~workload.key() : workload.key();
    }
    return keys;
  }

  @Test
  void operationsFollowFromSeedAndThread() {
    int[] keys = keys(workload(1, 0));
    assertArrayEquals(keys, keys(workload(1, 0)));
    assertFalse(Arrays.equals(keys, keys(workload(2, 0))));
    assertFalse(Arrays.equals(keys, keys(workload(1, 1))));
  }

  @Test
  void oneInTwentyUpdates() {
    long updates = Arrays.stream(keys(workload(3, 0))).filter(key -> key < 0).count();
    assertEquals(OPERATIONS * Workload.UPDATE_SHARE, (double) updates, OPERATIONS * 0.01);
  }

  @Test
  void ranksMeetEveryKeyOnce() {
    Workload workload = workload(1, 0);
    BitSet keys = new BitSet();
    for (int rank = 0; rank < ITEMS; rank++) {
      keys.set(workload.keyOf(rank, 0));
    }
    assertEquals(ITEMS, keys.cardinality());
    assertEquals(ITEMS, keys.length());
  }

  @Test
  void eachTurnReplacesOneSliceOfTheHotSetOnly() {
    Workload workload = workload(1, 0);
    int hot = ITEMS / 100;
    for (int turn = 1; turn < 40; turn++) {
      int changed = 0;
      for (int rank = 0; rank < ITEMS; rank++) {
        if (workload.keyOf(rank, turn) != workload.keyOf(rank, turn - 1)) {
          assertTrue(rank < hot, "rank " + rank);
          changed++;
        }
      }
      assertEquals(hot / 16.0, changed, 1, "turn " + turn);
    }
  }

  @Test
  void oneItemIsEnough() {
    Workload workload = new Workload(1, 0, 1, new ZipfSampler(1, 0.99));
    workload.next();
    assertEquals(0, workload.key());
  }
}
