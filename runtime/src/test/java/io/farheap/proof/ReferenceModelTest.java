package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.TestHeap;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations of platform and virtual threads on eight times the local budget, each compared
 * with a map on the Java heap; then an exact recount of records, live bytes, frames and pins. The
 * threads' choices follow from the seed that is printed on failure, their order does not.
 */
final class ReferenceModelTest {
  private static final long LOCAL_BYTES = 2 << 20;
  private static final long LIVE_BYTES = 8 * LOCAL_BYTES;
  private static final int PLATFORM_THREADS = 4;
  private static final int VIRTUAL_THREADS = 28;
  private static final int READ_ONLY_OBJECTS = 200;
  private static final long SEED = Long.getLong("farheap.seed", 20260726);
  private static final long OPERATIONS = Long.getLong("farheap.operations", 800_000);

  @ParameterizedTest
  @EnumSource(Mode.class)
  void agreesWithAMap(Mode mode) throws InterruptedException {
    run(mode, OPERATIONS);
  }

  @Test
  @Tag("soak")
  void agreesWithAMapForLong() throws InterruptedException {
    run(Mode.HYBRID, Long.getLong("farheap.operations", 100_000_000));
  }

  private static void run(Mode mode, long operations) throws InterruptedException {
    HeapOptions options =
        TestHeap.smallHeap()
            .localMemoryBytes(LOCAL_BYTES)
            .farMemoryBytes(24 * LIVE_BYTES)
            .mode(mode)
            .build();
    try (TestHeap heap = new TestHeap(options)) {
      List<SimObject> readOnly = readOnly(heap);
      int count = PLATFORM_THREADS + VIRTUAL_THREADS;
      List<ModelThread> threads = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        threads.add(new ModelThread(heap, readOnly, LIVE_BYTES / count, SEED + 1 + i));
      }
      Crowd.Task task = number -> threads.get(number).run(operations / count);
      new Crowd().platform(PLATFORM_THREADS, task).virtual(VIRTUAL_THREADS, task).startAndJoin();
      HeapStats stats = heap.runtime().stats();
      System.out.println(
          mode
              + ": "
              + operations
              + " operations, "
              + stats.misses()
              + " misses, "
              + stats.count(Counter.PAGES_OUT)
              + " pages out");
      assertTrue(stats.misses() > operations / 20, "hardly anything was far away");
      recount(heap, readOnly, threads);
    } catch (AssertionError e) {
      throw new AssertionError("repeat with -Dfarheap.seed=" + SEED + ": " + e.getMessage(), e);
    }
  }

  private static List<SimObject> readOnly(TestHeap heap) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<SimObject> objects = new ArrayList<>();
    for (int i = 0; i < READ_ONLY_OBJECTS; i++) {
      SimObject object = new SimObject(i, random.nextInt(8, 2000), random);
      object.unique = heap.allocate(object.bytes);
      object.handle = object.unique.handle();
      objects.add(object);
    }
    return objects;
  }

  private static void recount(TestHeap heap, List<SimObject> readOnly, List<ModelThread> threads) {
    List<SimObject> all = new ArrayList<>(readOnly);
    for (ModelThread thread : threads) {
      thread.live.forEach(thread::readWhole);
      all.addAll(thread.live);
    }
    List<HeapAudit.Expected> live = new ArrayList<>();
    for (SimObject object : all) {
      live.add(new HeapAudit.Expected(object.handle, object.bytes.length, object.owners()));
    }
    HeapAudit.atRest(
        heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
    for (ModelThread thread : threads) {
      while (!thread.live.isEmpty()) {
        thread.free(thread.live.getLast());
      }
    }
    readOnly.forEach(object -> object.unique.free());
    HeapAudit.atRest(
        heap.runtime(),
        () -> {
          heap.runtime().memory().sealLogs(); // an agent may have opened a page since the last time
          HeapAudit.check(heap.runtime().memory(), List.of(), List.of());
          if (heap.runtime().memory().segments().usedSegments() > 0) {
            throw new AssertionError("segments are in use in an empty heap");
          }
        });
  }
}
