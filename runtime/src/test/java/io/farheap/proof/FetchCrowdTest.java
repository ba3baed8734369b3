package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.TestHeap;
import io.farheap.error.StaleHandleException;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads that bring the same objects in together, while each counts in those of its own and
 * replaces some of them. No count may get lost, and nobody waits for ever.
 */
final class FetchCrowdTest {
  private static final int PLATFORM_THREADS = 4;
  private static final int VIRTUAL_THREADS = 8;
  private static final int THREADS = PLATFORM_THREADS + VIRTUAL_THREADS;
  private static final int BODY_BYTES = 500;
  private static final int OBJECTS = 12_000;
  private static final int ROUNDS = 80;
  private static final int TOGETHER = 40;
  private static final long SEED = 11;

  private final AtomicLongArray handles = new AtomicLongArray(OBJECTS);
  private final long[] counts = new long[OBJECTS];

  @ParameterizedTest
  @EnumSource(Mode.class)
  void noCountGetsLost(Mode mode) throws InterruptedException {
    try (TestHeap heap =
        new TestHeap(
            TestHeap.smallHeap()
                .farMemory("64MiB")
                .farLocator("embedded:?latency=20us&thread=true")
                .mode(mode)
                .build())) {
      for (int i = 0; i < OBJECTS; i++) {
        handles.set(i, allocate(heap, i));
      }
      Crowd.Task task = number -> work(heap, number);
      new Crowd().platform(PLATFORM_THREADS, task).virtual(VIRTUAL_THREADS, task).startAndJoin();
      List<HeapAudit.Expected> live = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        assertEquals(counts[i], heap.handles().getLong(handles.get(i), Long.BYTES), "object " + i);
        live.add(new HeapAudit.Expected(handles.get(i), BODY_BYTES, 1));
      }
      long misses =
          heap.runtime().stats().count(Counter.PAGE_FETCHES)
              + heap.runtime().stats().count(Counter.OBJECT_FETCHES);
      assertTrue(misses > OBJECTS / 4, () -> "only " + misses + " misses");
      HeapAudit.atRest(
          heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
    }
  }

  private static long allocate(TestHeap heap, int name) {
    long handle = heap.handles().allocate(BODY_BYTES);
    heap.handles().setLong(handle, 0, name);
    return handle;
  }

  private void work(TestHeap heap, int number) {
    SplittableRandom random = new SplittableRandom(SEED + number);
    for (int round = 0; round < ROUNDS; round++) {
      int from = random.nextInt(OBJECTS - TOGETHER);
      long[] wanted = new long[TOGETHER];
      for (int i = 0; i < TOGETHER; i++) {
        wanted[i] = handles.get(random.nextInt(3) == 0 ? random.nextInt(OBJECTS) : from + i);
      }
      try {
        heap.handles().fetch(wanted);
      } catch (StaleHandleException e) {
        // Its owner has replaced it meanwhile.
        assertTrue(e.getMessage().contains("names no object"), e.getMessage());
      }
      for (int i = from; i < from + TOGETHER; i++) {
        if (i % THREADS == number) {
          count(heap, i);
          if (random.nextInt(8) == 0) {
            replace(heap, i);
          }
        }
      }
    }
  }

  private void count(TestHeap heap, int i) {
    try (DerefScope scope = heap.enter()) {
      MemorySegment segment = heap.handles().derefMut(scope, handles.get(i));
      assertEquals(i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), "name");
      assertEquals(counts[i], segment.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES), "count");
      segment.set(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES, ++counts[i]);
    }
  }

  private void replace(TestHeap heap, int i) {
    long old = handles.get(i);
    long fresh = allocate(heap, i);
    heap.handles().setLong(fresh, Long.BYTES, counts[i]);
    handles.set(i, fresh);
    heap.handles().free(old);
  }
}
