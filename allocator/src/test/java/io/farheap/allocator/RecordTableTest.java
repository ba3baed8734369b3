package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.base.memory.NativeMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pointer records: whose a handle is, and for how long. */
class RecordTableTest {
  private static final int CAPACITY = 4096;
  private static final int THREADS = 4;

  private final RecordTable table = new RecordTable(CAPACITY, 4);

  @AfterEach
  void giveBack() {
    table.decommit();
  }

  private long newObject(long hint, int bodyBytes, long farAddress) {
    long handle = table.allocate(hint, bodyBytes);
    assertNotEquals(Handle.NULL, handle);
    table.publish(Handle.index(handle), farAddress, false);
    return handle;
  }

  /** Drops the last owner; answers the far address that the object had. */
  private long free(long hint, long handle) {
    long farAddress = table.unpublish(Handle.index(handle));
    table.recycle(hint, Handle.index(handle));
    return farAddress;
  }

  private record Expected(int bodyBytes, long farAddress, int owners) {}

  @Test
  void theTableAgreesWithAModel() {
    for (int seed = 0; seed < 100; seed++) {
      RecordTable fresh = new RecordTable(CAPACITY, 4);
      SplittableRandom random = new SplittableRandom(seed);
      Map<Long, Expected> model = new HashMap<>();
      List<Long> live = new ArrayList<>();
      List<Long> stale = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        modelStep(fresh, random, model, live, stale);
        String where = "seed " + seed + " step " + step;
        assertEquals(live.size(), fresh.live(), where);
        if (!live.isEmpty()) {
          check(fresh, live.get(random.nextInt(live.size())), model, where);
        }
        if (!stale.isEmpty()) {
          long handle = stale.get(random.nextInt(stale.size()));
          assertEquals(0, fresh.addOwner(handle), where);
          assertEquals(-1, fresh.removeOwner(handle), where);
        }
      }
      for (long handle : live) {
        check(fresh, handle, model, "seed " + seed + " at the end");
      }
      fresh.decommit();
    }
  }

  private static void check(
      RecordTable table, long handle, Map<Long, Expected> model, String where) {
    Expected expected = model.get(handle);
    long index = Handle.index(handle);
    assertEquals(expected.farAddress(), PlaceWord.farAddress(table.loadPlace(index)), where);
    long owner = table.loadOwner(index);
    assertEquals(Handle.generation(handle), OwnerWord.generation(owner), where);
    assertEquals(expected.owners(), OwnerWord.owners(owner), where);
    assertEquals(expected.bodyBytes(), OwnerWord.size(owner), where);
  }

  private static void modelStep(
      RecordTable table,
      SplittableRandom random,
      Map<Long, Expected> model,
      List<Long> live,
      List<Long> stale) {
    long hint = random.nextInt();
    long farAddress = random.nextLong(1, 1L << 44) << 4;
    if (live.isEmpty() || random.nextInt(3) == 0) {
      int bodyBytes = random.nextInt(OwnerWord.MAX_SIZE + 1);
      long handle = table.allocate(hint, bodyBytes);
      assertFalse(model.containsKey(handle), "a handle was given out twice");
      assertTrue(Handle.index(handle) > 0 && Handle.index(handle) < table.limit());
      table.publish(Handle.index(handle), farAddress, random.nextBoolean());
      model.put(handle, new Expected(bodyBytes, farAddress, 1));
      live.add(handle);
      return;
    }
    int chosen = random.nextInt(live.size());
    long handle = live.get(chosen);
    long index = Handle.index(handle);
    Expected was = model.get(handle);
    long seen = table.loadPlace(index);
    switch (random.nextInt(5)) {
      case 0 -> {
        table.setAccess(index, seen); // Since it was seen, only the access bit changed.
        assertTrue(table.relocate(index, seen, farAddress, false));
        assertFalse(table.relocate(index, seen, farAddress, true), "an old word");
        assertFalse(PlaceWord.accessed(table.loadPlace(index)));
        model.put(handle, new Expected(was.bodyBytes(), farAddress, was.owners()));
      }
      case 1 -> {
        table.setAccess(index, seen);
        assertTrue(PlaceWord.accessed(table.loadPlace(index)));
        table.clearAccess(index, table.loadPlace(index));
        assertFalse(PlaceWord.accessed(table.loadPlace(index)));
      }
      case 2 -> {
        assertEquals(was.owners() + 1, table.addOwner(handle));
        model.put(handle, new Expected(was.bodyBytes(), was.farAddress(), was.owners() + 1));
      }
      default -> {
        assertEquals(was.owners() - 1, table.removeOwner(handle));
        model.put(handle, new Expected(was.bodyBytes(), was.farAddress(), was.owners() - 1));
        if (was.owners() == 1) {
          assertEquals(0, table.addOwner(handle), "nobody revives an object without owners");
          assertEquals(was.farAddress(), table.unpublish(index));
          assertFalse(table.relocate(index, seen, farAddress, false), "a freed object");
          table.recycle(hint, index);
          live.remove(chosen);
          stale.add(handle);
        }
      }
    }
  }

  @Test
  void aRecordWhoseGenerationIsUsedUpIsNeverGivenOutAgain() {
    long handle = newObject(0, 8, 64);
    long index = Handle.index(handle);
    long record = table.region().rawAddress() + index * RecordTable.RECORD_BYTES;
    NativeMemory.putLong(record + Long.BYTES, OwnerWord.live(OwnerWord.MAX_GENERATION - 1, 1, 8));
    assertEquals(0, table.removeOwner(Handle.of(index, OwnerWord.MAX_GENERATION - 1)));
    free(0, Handle.of(index, OwnerWord.MAX_GENERATION - 1));

    long last = newObject(0, 8, 64);
    assertEquals(Handle.of(index, OwnerWord.MAX_GENERATION), last);
    assertEquals(0, table.removeOwner(last));
    assertEquals(64, free(0, last));
    assertEquals(0, table.live());
    assertEquals(0, table.addOwner(last));
    assertEquals(-1, table.removeOwner(last));
    for (int i = 0; i < 1000; i++) {
      assertNotEquals(index, Handle.index(newObject(0, 8, 64)));
    }
  }

  @Test
  void theOwnerCountDoesNotOverflow() {
    long handle = newObject(1, 77, 160);
    for (int owners = 2; owners <= OwnerWord.MAX_OWNERS; owners++) {
      assertEquals(owners, table.addOwner(handle));
    }
    assertEquals(-1, table.addOwner(handle));
    assertEquals(77, OwnerWord.size(table.loadOwner(Handle.index(handle))));
    assertEquals(OwnerWord.MAX_OWNERS - 1, table.removeOwner(handle));
  }

  @Test
  void aFullTableSaysSoAndServesAgainAfterAFree() {
    RecordTable small = new RecordTable(512, 1);
    Set<Long> handles = new HashSet<>();
    for (int i = 1; i < small.capacity(); i++) {
      assertTrue(handles.add(small.allocate(i, 8)));
    }
    assertEquals(Handle.NULL, small.allocate(3, 8));
    assertEquals(Handle.NULL, small.allocate(3, 8));
    long freed = handles.iterator().next();
    small.removeOwner(freed);
    small.unpublish(Handle.index(freed));
    small.recycle(5, Handle.index(freed));
    long again = small.allocate(2, 8);
    assertEquals(Handle.index(freed), Handle.index(again));
    assertEquals(Handle.generation(freed) + 1, Handle.generation(again));
    small.decommit();
  }

  @Test
  void threadsNeverShareARecordAndOneDropsTheLastOwner() throws Exception {
    List<Callable<Integer>> tasks = new ArrayList<>();
    long shared = newObject(0, 8, 64);
    for (int owners = 1; owners < THREADS; owners++) {
      table.addOwner(shared);
    }
    for (int thread = 0; thread < THREADS; thread++) {
      SplittableRandom random = new SplittableRandom(thread);
      long own = 16L * (thread + 1);
      tasks.add(
          () -> {
            List<Long> mine = new ArrayList<>();
            for (int step = 0; step < 40_000; step++) {
              assertTrue(table.addOwner(shared) > 0);
              assertTrue(table.removeOwner(shared) > 0);
              if (mine.size() < 50) {
                mine.add(newObject(random.nextInt(), 8, own));
              } else {
                long handle = mine.remove(random.nextInt(mine.size()));
                assertEquals(0, table.removeOwner(handle));
                assertEquals(own, free(random.nextInt(), handle), "somebody else's record");
              }
            }
            int last = table.removeOwner(shared) == 0 ? 1 : 0;
            return last + (mine.size() << 1);
          });
    }
    int last = 0;
    int live = 0;
    for (int result : runAll(tasks)) {
      last += result & 1;
      live += result >> 1;
    }
    assertEquals(1, last);
    free(0, shared);
    assertEquals(live, table.live());
  }

  @Test
  void oneOfTwoRelocationsWinsWhateverTheAccessBitDoes() throws Exception {
    long index = Handle.index(newObject(0, 8, 1 << 20));
    int rounds = 20_000;
    long[] seen = {table.loadPlace(index)};
    CyclicBarrier barrier = new CyclicBarrier(3);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int mover = 0; mover < 2; mover++) {
      long place = 16L * (mover + 1);
      tasks.add(
          () -> {
            int wins = 0;
            for (int round = 0; round < rounds; round++) {
              barrier.await();
              wins += table.relocate(index, seen[0], place, false) ? 1 : 0;
              barrier.await();
            }
            return wins;
          });
    }
    tasks.add(
        () -> {
          for (int round = 0; round < rounds; round++) {
            barrier.await();
            table.setAccess(index, seen[0]);
            barrier.await();
            seen[0] = table.loadPlace(index); // The movers read it after the next barrier.
          }
          return 0;
        });
    int wins = 0;
    for (int result : runAll(tasks)) {
      wins += result;
    }
    assertEquals(rounds, wins);
    long version = PlaceWord.version(table.loadPlace(index));
    assertEquals(rounds + 1, version, "one version each, and one for the publication");
  }

  private static List<Integer> runAll(List<Callable<Integer>> tasks) throws Exception {
    List<Integer> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Integer> done : executor.invokeAll(tasks)) {
        results.add(done.get());
      }
    }
    return results;
  }

  @Test
  void recordsFreedOnOtherStripesAreUsedAgain() {
    RecordTable small = new RecordTable(1024, 4);
    for (int i = 0; i < 5_000; i++) {
      long handle = small.allocate(0, 8);
      assertNotEquals(Handle.NULL, handle, "full after " + i + ", live: " + small.live());
      long index = Handle.index(handle);
      small.publish(index, 64, false);
      small.removeOwner(handle);
      small.unpublish(index);
      small.recycle(1, index);
    }
    small.decommit();
  }
}
