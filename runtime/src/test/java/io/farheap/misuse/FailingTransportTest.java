package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.error.FarAccessException;
import io.farheap.error.FarHeapException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.testing.faulty.FaultPlan;
import io.farheap.testing.faulty.FaultyMemory;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Far memory that does not answer: the exception says so, and the object is there afterwards. */
class FailingTransportTest {
  private static final int OBJECTS = 2000;
  private static final int ATTEMPTS = 200;

  private interface Action<T> {
    T run();
  }

  /** Tries again as the exception allows; answers how often it failed through the counter. */
  private static <T> T retry(int[] failures, Action<T> action) {
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return action.run();
      } catch (FarAccessException e) {
        assertTrue(e.isRetryable(), e::toString);
        failures[0]++;
      }
    }
    throw new AssertionError("failed " + ATTEMPTS + " times in a row");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void failedFetchesMayBeRepeated(Mode mode) {
    try (FarHeap heap =
        FarHeap.open(
            Heaps.options().mode(mode).farLocator("faulty:seed=7&fail=0.2:embedded:").build())) {
      int[] failures = {0};
      List<UniquePtr<byte[]>> ptrs = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        int id = i;
        ptrs.add(retry(failures, () -> heap.allocate(Heaps.page(id))));
      }
      for (int i = 0; i < OBJECTS; i++) {
        assertArrayEquals(Heaps.page(i), retry(failures, ptrs.get(i)::get), "object " + i);
      }
      assertTrue(failures[0] > 0);
      assertTrue(heap.stats().count(Counter.FETCH_FAILURES) > 0);
    }
  }

  @Test
  void lostAnswersTimeOutAndMayBeRepeated() {
    try (FarHeap heap =
        FarHeap.open(
            Heaps.options()
                .farLocator("faulty:seed=7&drop=0.02:embedded:")
                .transportTimeout(Duration.ofMillis(5))
                .build())) {
      int[] failures = {0};
      List<UniquePtr<byte[]>> ptrs = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        int id = i;
        ptrs.add(retry(failures, () -> heap.allocate(Heaps.page(id))));
      }
      for (int i = 0; i < OBJECTS; i++) {
        assertArrayEquals(Heaps.page(i), retry(failures, ptrs.get(i)::get), "object " + i);
      }
      assertTrue(failures[0] > 0);
    }
  }

  private static FaultyMemory switchable() {
    TransportOptions options = new TransportOptions(64 << 20, 1 << 20, System::nanoTime);
    return new FaultyMemory(
        Transports.open("embedded:", options), FaultPlan.none(1), System::nanoTime);
  }

  @Test
  void lostConnectionStopsTheHeapFromGrowingOnlyForAsLongAsItLasts() {
    FaultyMemory farMemory = switchable();
    try (TestHeap heap = new TestHeap(Heaps.options().build(), farMemory)) {
      farMemory.disconnect();
      FarAccessException e =
          assertThrows(FarAccessException.class, () -> heap.allocate(Heaps.page(1)));
      assertTrue(e.isRetryable(), e::toString);
      farMemory.reconnect();
      assertArrayEquals(Heaps.page(2), heap.allocate(Heaps.page(2)).get());
    }
  }

  @Test
  void lostConnectionIsReportedAndNothingIsLost() {
    HeapOptions options = Heaps.options().frameWaitTimeout(Duration.ofMillis(200)).build();
    FaultyMemory farMemory = switchable();
    try (TestHeap heap = new TestHeap(options, farMemory)) {
      List<UniquePtr<byte[]>> ptrs = new ArrayList<>();
      for (int i = 0; i < OBJECTS; i++) {
        ptrs.add(heap.allocate(Heaps.page(i)));
      }
      farMemory.disconnect();
      // What is missing first depends on how many pages had left: the bytes, or a frame for them.
      FarHeapException e = assertThrows(FarHeapException.class, () -> ptrs.forEach(UniquePtr::get));
      if (e instanceof FarAccessException far) {
        assertTrue(far.isRetryable(), e::toString);
      } else {
        assertInstanceOf(OutOfLocalMemoryException.class, e);
        assertTrue(e.getMessage().contains("Far memory did not take"), e::toString);
      }
      assertArrayEquals(Heaps.page(OBJECTS - 1), ptrs.getLast().get());
      assertThrows(
          FarHeapException.class,
          () -> {
            while (ptrs.size() < 10 * OBJECTS) {
              ptrs.add(heap.allocate(Heaps.page(ptrs.size())));
            }
          });
      farMemory.reconnect();
      for (int i = 0; i < ptrs.size(); i++) {
        assertArrayEquals(Heaps.page(i), ptrs.get(i).get(), "object " + i);
      }
      ptrs.add(heap.allocate(Heaps.page(ptrs.size())));
    }
  }
}
