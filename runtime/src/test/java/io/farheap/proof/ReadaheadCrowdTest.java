package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.TestHeap;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads that go through the same pages at the same time, so that each meets what the others read
 * ahead. Each object has one thread that counts in it; no count may get lost.
 */
final class ReadaheadCrowdTest {
  private static final int PLATFORM_THREADS = 4;
  private static final int VIRTUAL_THREADS = 4;
  private static final int THREADS = PLATFORM_THREADS + VIRTUAL_THREADS;
  private static final int BODY_BYTES = 1000;
  private static final int OBJECTS = 16_000;
  private static final int PASSES = 4;

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"PAGING_ONLY", "HYBRID"})
  void noCountGetsLost(Mode mode) throws InterruptedException {
    try (TestHeap heap =
        new TestHeap(
            TestHeap.smallHeap()
                .farMemory("128MiB")
                .farLocator("embedded:?latency=20us&thread=true")
                .mode(mode)
                .build())) {
      long[] handles = new long[OBJECTS];
      for (int i = 0; i < OBJECTS; i++) {
        handles[i] = heap.handles().allocate(BODY_BYTES);
        heap.handles().setLong(handles[i], 0, i);
      }
      Crowd.Task task =
          number -> {
            for (int pass = 0; pass < PASSES; pass++) {
              pass(heap, handles, number, pass);
            }
          };
      new Crowd().platform(PLATFORM_THREADS, task).virtual(VIRTUAL_THREADS, task).startAndJoin();
      List<HeapAudit.Expected> live = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        assertEquals(PASSES, heap.handles().getLong(handles[i], Long.BYTES), "object " + i);
        live.add(new HeapAudit.Expected(handles[i], BODY_BYTES, 1));
      }
      long ahead = heap.runtime().stats().count(Counter.PAGES_READ_AHEAD);
      assertTrue(ahead > OBJECTS / 16, "only " + ahead + " pages were read ahead");
      HeapAudit.atRest(
          heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
      LongStream.of(handles).forEach(heap.handles()::free);
    }
  }

  private static void pass(TestHeap heap, long[] handles, int number, int pass) {
    for (int i = 0; i < OBJECTS; i++) {
      try (DerefScope scope = heap.enter()) {
        if (i % THREADS == number) {
          MemorySegment segment = heap.handles().derefMut(scope, handles[i]);
          assertEquals(pass, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES), "count");
          segment.set(ValueLayout.JAVA_LONG_UNALIGNED, Long.BYTES, pass + 1L);
          assertEquals(i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), "name");
        } else {
          MemorySegment segment = heap.handles().deref(scope, handles[i]);
          assertEquals(i, segment.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), "name");
        }
      }
    }
  }
}
