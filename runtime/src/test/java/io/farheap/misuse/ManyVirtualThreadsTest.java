package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.stats.Gauge;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** More threads than anybody tunes for: a scope and an object each. */
class ManyVirtualThreadsTest {
  private static final int THREADS = 100_000;
  private static final int OBJECTS = 2000;

  /** Threads that want frames at the same time. */
  private static final int GROUP = 10_000;

  private static long[] objects(FarHeap heap, int count, int lengthBytes) {
    long[] handles = new long[count];
    for (int i = 0; i < count; i++) {
      handles[i] = heap.handles().allocate(lengthBytes);
      heap.handles().setLong(handles[i], 0, i);
    }
    return handles;
  }

  private static void joinAll(List<Thread> threads, ConcurrentLinkedQueue<Throwable> wrong)
      throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(wrong.size() + " threads failed", wrong.peek());
    }
  }

  private static Thread start(ConcurrentLinkedQueue<Throwable> wrong, Runnable work) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
              } catch (Throwable t) {
                wrong.add(t);
              }
            });
  }

  private static long readInScope(FarHeap heap, long handle) {
    try (DerefScope scope = heap.enter()) {
      return heap.handles().deref(scope, handle).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }
  }

  @Test
  void eachReadsAnObjectOfFourTimesLocalMemory() throws InterruptedException {
    try (FarHeap heap = Heaps.small()) {
      long[] handles = objects(heap, OBJECTS, Heaps.PAGE_BODY);
      AtomicLong sum = new AtomicLong();
      ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      for (int started = 0; started < THREADS; started += GROUP) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < GROUP; i++) {
          long handle = handles[i % OBJECTS];
          threads.add(start(wrong, () -> sum.addAndGet(readInScope(heap, handle))));
        }
        joinAll(threads, wrong);
      }
      assertEquals((long) THREADS / OBJECTS * (OBJECTS * (OBJECTS - 1L) / 2), sum.get());
      assertEquals(0, heap.stats().level(Gauge.OPEN_SCOPES));
    }
  }

  @Test
  void allHoldTheirScopesAtOnce() throws InterruptedException {
    try (FarHeap heap = Heaps.small()) {
      long[] handles = objects(heap, 100, 64);
      CountDownLatch entered = new CountDownLatch(THREADS);
      CountDownLatch leave = new CountDownLatch(1);
      ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int id = i % handles.length;
        threads.add(start(wrong, () -> holdScope(heap, handles[id], id, entered, leave)));
      }
      entered.await();
      long open = heap.stats().level(Gauge.OPEN_SCOPES);
      leave.countDown();
      joinAll(threads, wrong);
      assertTrue(open == THREADS, open + " scopes were open");
      assertEquals(0, heap.stats().level(Gauge.OPEN_SCOPES));
      assertEquals(5, readInScope(heap, handles[5]));
    }
  }

  private static void holdScope(
      FarHeap heap, long handle, int id, CountDownLatch entered, CountDownLatch leave) {
    boolean counted = false;
    try (DerefScope scope = heap.enter()) {
      assertEquals(id, heap.handles().deref(scope, handle).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
      entered.countDown();
      counted = true;
      leave.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      if (!counted) {
        entered.countDown();
      }
    }
  }
}
