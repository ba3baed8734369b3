package io.farheap.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The index beside a map, on one thread, from a seed. */
class HashIndexModelTest {
  private static final int STEPS = 60_000;

  /** Few hash bits make keys that only their comparison can tell apart. */
  @ParameterizedTest
  @ValueSource(ints = {6, 12, 24, 64})
  void agreesWithAMapThroughGrowthAndShrinking(int hashBits) {
    for (long seed = 1; seed <= 3; seed++) {
      new Run(seed, hashBits).run();
    }
  }

  @Test
  void sweepingMeetsEveryEntryAndTakesOutWhatItIsTold() {
    try (HashIndex index = new HashIndex(0, 100_000)) {
      Set<Long> there = new HashSet<>();
      for (long key = 1; key <= 20_000; key++) {
        index.insert(TestKeys.hash(key, 64), key, (int) (key & 1));
        there.add(key);
      }
      Set<Long> seen = new HashSet<>();
      Set<Long> removed = new HashSet<>();
      EntryVisitor oddOnesOut =
          new EntryVisitor() {
            @Override
            public int visit(long handle, int aux) {
              assertEquals((int) (handle & 1), aux);
              seen.add(handle);
              return aux == 1 ? REMOVE : aux;
            }

            @Override
            public void removed(long handle, int aux) {
              assertTrue(removed.add(handle));
            }
          };
      for (long bucket = 0; bucket < index.buckets(); bucket++) {
        while (index.sweep(bucket, oddOnesOut) > 0) {}
      }
      assertEquals(there, seen);
      assertEquals(10_000, removed.size());
      assertEquals(10_000, index.size());
      index.check();
    }
  }

  @Test
  void anEntryTakesLessThanTwentyBytes() {
    try (HashIndex index = new HashIndex(0, 2_000_000)) {
      Random random = new Random(7);
      for (long handle = 1; handle <= 1_000_000; handle++) {
        index.insert(random.nextLong(), handle, 0);
        if ((handle & (handle - 1)) == 0 && handle >= 1 << 16) {
          assertTrue(index.memoryBytes() < 20 * handle, () -> index.memoryBytes() + " bytes");
        }
      }
      assertTrue(index.memoryBytes() < 20_000_000, () -> index.memoryBytes() + " bytes");
    }
  }

  @Test
  void churnDoesNotLengthenChains() {
    try (HashIndex index = new HashIndex(0, 200_000)) {
      Random random = new Random(11);
      int count = 20_000;
      long[] hashes = new long[count];
      long[] handles = new long[count];
      long next = 1;
      for (int i = 0; i < count; i++) {
        hashes[i] = random.nextLong();
        handles[i] = next++;
        index.insert(hashes[i], handles[i], 0);
      }
      long before = index.memoryBytes();
      for (int round = 0; round < 100 * count; round++) {
        int i = random.nextInt(count);
        assertTrue(index.remove(hashes[i], handles[i]));
        hashes[i] = random.nextLong();
        handles[i] = next++;
        index.insert(hashes[i], handles[i], 0);
      }
      assertTrue(index.memoryBytes() < before * 1.1, before + " became " + index.memoryBytes());
      index.check();
    }
  }

  @Test
  void refusesWhatNamesNothing() {
    try (HashIndex index = new HashIndex(0, 10)) {
      assertThrows(IllegalArgumentException.class, () -> index.insert(1, 0, 0));
      assertThrows(IllegalArgumentException.class, () -> new HashIndex(-1, 10));
      assertThrows(IllegalArgumentException.class, () -> new HashIndex(1, 0));
    }
  }

  private static final class Run {
    private final long seed;
    private final int hashBits;
    private final Random random;
    private final Map<Long, Long> model = new HashMap<>();
    private final Map<Long, Integer> aux = new HashMap<>();
    private final HashIndex index = new HashIndex(0, STEPS);
    private final IndexCursor cursor = index.cursor();
    private long version;

    Run(long seed, int hashBits) {
      this.seed = seed;
      this.hashBits = hashBits;
      this.random = new Random(seed);
    }

    void run() {
      try (index) {
        int keys = hashBits < 10 ? 200 : 20_000;
        for (int step = 0; step < STEPS; step++) {
          // It fills in the first half, and empties in the second.
          int share = step < STEPS / 2 ? 80 : 20;
          long key = 1L + random.nextInt(keys);
          step(key, random.nextInt(100) < share);
          if (step % 5_000 == 0) {
            checkAll();
          }
        }
        checkAll();
      }
    }

    private void step(long key, boolean add) {
      long hash = TestKeys.hash(key, hashBits);
      Long old = model.get(key);
      assertEquals(old == null ? 0 : old, find(key), this::where);
      long handle = TestKeys.handle(++version, key);
      int bits = random.nextInt(1 << HashIndex.AUX_BITS);
      if (add && old == null) {
        index.insert(hash, handle, bits);
        model.put(key, handle);
        aux.put(key, bits);
      } else if (add) {
        assertFalse(index.replace(hash, handle, old, 0), this::where);
        assertTrue(index.replace(hash, old, handle, bits), this::where);
        model.put(key, handle);
        aux.put(key, bits);
      } else if (old != null) {
        assertEquals(aux.get(key), cursor.aux(), this::where);
        if (random.nextBoolean()) {
          assertTrue(cursor.updateAux(bits), this::where);
          aux.put(key, bits);
        } else {
          assertTrue(index.remove(hash, old), this::where);
          assertFalse(index.remove(hash, old), this::where);
          model.remove(key);
        }
      }
    }

    private long find(long key) {
      List<Long> passed = new ArrayList<>();
      long hash = TestKeys.hash(key, hashBits);
      for (long handle = cursor.first(hash); handle != 0; handle = cursor.next()) {
        if (TestKeys.key(handle) == key) {
          return handle;
        }
        passed.add(handle);
      }
      assertEquals(passed.size(), new HashSet<>(passed).size(), this::where);
      return 0;
    }

    private void checkAll() {
      index.check();
      assertEquals(model.size(), index.size(), this::where);
      model.forEach((key, handle) -> assertEquals(handle, find(key), this::where));
    }

    private String where() {
      return "seed " + seed + ", " + hashBits + " bits of hash, version " + version;
    }
  }
}
