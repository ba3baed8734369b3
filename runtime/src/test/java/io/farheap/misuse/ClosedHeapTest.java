package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.Pin;
import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.error.HeapClosedException;
import io.farheap.error.ScopeException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A heap that is closed before its users are done. */
class ClosedHeapTest {
  private static FarHeap impatient() {
    return FarHeap.open(Heaps.options().frameWaitTimeout(Duration.ofMillis(200)).build());
  }

  @Test
  void everyUseOfAClosedHeapIsRefused() {
    FarHeap heap = Heaps.small();
    UniquePtr<byte[]> ptr = heap.allocate(new byte[16]);
    SharedPtr<byte[]> shared = heap.allocate(new byte[16]).share();
    long handle = heap.handles().allocate(16);
    heap.close();
    assertDoesNotThrow(heap::close);
    Handles handles = heap.handles();
    assertThrows(HeapClosedException.class, heap::enter);
    assertThrows(HeapClosedException.class, () -> heap.allocateBytes(8));
    assertThrows(HeapClosedException.class, () -> heap.allocate(new byte[8]));
    assertThrows(HeapClosedException.class, () -> heap.region().allocateBytes(8));
    assertThrows(HeapClosedException.class, ptr::get);
    assertThrows(HeapClosedException.class, () -> ptr.set(new byte[16]));
    assertThrows(HeapClosedException.class, () -> ptr.read(0, new byte[1]));
    assertThrows(HeapClosedException.class, () -> ptr.write(0, new byte[1]));
    assertThrows(HeapClosedException.class, ptr::lengthBytes);
    assertThrows(HeapClosedException.class, ptr::pin);
    assertThrows(HeapClosedException.class, shared::alias);
    assertThrows(HeapClosedException.class, () -> shared.weak().lock());
    assertThrows(HeapClosedException.class, () -> handles.getLong(handle, 0));
    assertThrows(HeapClosedException.class, () -> handles.setLong(handle, 0, 1));
    assertThrows(HeapClosedException.class, () -> handles.lengthBytes(handle));
    assertThrows(HeapClosedException.class, () -> handles.retain(handle));
    assertThrows(HeapClosedException.class, () -> handles.free(handle));
    assertDoesNotThrow(ptr::close);
    assertDoesNotThrow(shared::close);
    assertDoesNotThrow(heap::stats);
  }

  @Test
  void closeInsideAScopeIsRefusedAndTheHeapGoesOn() {
    FarHeap heap = Heaps.small();
    UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1});
    try (DerefScope scope = heap.enter()) {
      assertThrows(ScopeException.class, heap::close);
      assertEquals(1, ptr.deref(scope).byteSize());
    }
    assertEquals(1, ptr.get()[0]);
    heap.close();
  }

  @Test
  void closeWaitsForAnotherThreadsScope() throws InterruptedException {
    FarHeap heap = impatient();
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread holder =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (DerefScope scope = heap.enter()) {
                    scope.renew();
                    entered.countDown();
                    leave.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    entered.await();
    assertThrows(ScopeException.class, heap::close);
    assertThrows(HeapClosedException.class, heap::enter);
    leave.countDown();
    holder.join();
    heap.close();
    assertThrows(HeapClosedException.class, heap::enter);
  }

  @Test
  void closeWaitsForPins() {
    FarHeap heap = impatient();
    UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1});
    Pin pin = ptr.pin();
    ScopeException e = assertThrows(ScopeException.class, heap::close);
    assertTrue(e.getMessage().contains("pin by thread"), e.getMessage());
    assertEquals(1, pin.segment().byteSize());
    pin.close();
    heap.close();
  }

  @Test
  void renewAfterCloseIsRefusedAndTheScopeCanStillEnd() {
    FarHeap heap = impatient();
    UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1});
    DerefScope scope = heap.enter();
    assertInstanceOf(
        ScopeException.class,
        Heaps.thrownElsewhere(
            () -> {
              heap.close();
              return null;
            }));
    assertEquals(1, ptr.deref(scope).byteSize());
    assertThrows(HeapClosedException.class, scope::renew);
    scope.close();
    assertNull(
        Heaps.thrownElsewhere(
            () -> {
              heap.close();
              return null;
            }));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void closingUnderLoadEndsEveryThreadWithOneException(long seed) throws InterruptedException {
    FarHeap heap = Heaps.small();
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    AtomicLong operations = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long threadSeed = seed * 100 + i;
      Runnable work =
          () -> {
            try {
              new Load(heap, threadSeed, operations).run();
            } catch (HeapClosedException e) {
              return;
            } catch (Throwable t) {
              wrong.add(t);
            }
          };
      threads.add(i % 2 == 0 ? Thread.ofPlatform().start(work) : Thread.ofVirtual().start(work));
    }
    while (operations.get() < 2_000 * seed && wrong.isEmpty()) {
      Thread.onSpinWait();
    }
    heap.close();
    for (Thread thread : threads) {
      thread.join();
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("seed " + seed, wrong.peek());
    }
  }

  /** What a user does until the heap is closed: more than local memory holds. */
  private record Load(FarHeap heap, long seed, AtomicLong operations) {
    void run() {
      SplittableRandom random = new SplittableRandom(seed);
      List<UniquePtr<byte[]>> mine = new ArrayList<>();
      while (true) {
        operations.incrementAndGet();
        if (mine.size() < 200 || random.nextInt(8) == 0) {
          int id = mine.size();
          mine.add(heap.allocate(Heaps.page(id)));
        } else if (mine.size() > 400) {
          mine.removeLast().free();
        }
        int id = random.nextInt(mine.size());
        UniquePtr<byte[]> ptr = mine.get(id);
        byte expected = (byte) (id * 31 + 5);
        switch (random.nextInt(4)) {
          case 0 -> check(expected, heap.handles().getByte(ptr.handle(), 5));
          case 1 -> heap.handles().setByte(ptr.handle(), 5, expected);
          case 2 -> check(expected, ptr.get()[5]);
          default -> {
            try (DerefScope scope = heap.enter()) {
              for (int i = 0; i < 10; i++) {
                int other = random.nextInt(mine.size());
                check(
                    (byte) (other * 31),
                    mine.get(other).deref(scope).get(ValueLayout.JAVA_BYTE, 0));
              }
            }
          }
        }
      }
    }

    private static void check(byte expected, byte actual) {
      if (expected != actual) {
        throw new AssertionError("expected " + expected + " but got " + actual);
      }
    }
  }
}
