package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.TestHeap;
import io.farheap.allocator.Epochs;
import io.farheap.allocator.FramePool;
import io.farheap.error.HeapClosedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** A heap that is closed while a thread, out of its scope for so long, waits for a frame. */
final class CloseWhileWaitingTest {
  private static final int LOOKS_OF_A_WAIT = 100;

  /** Stops a thread that looks at the time outside its scope, and counts another one's looks. */
  private static final class StoppingClock implements LongSupplier {
    final CountDownLatch stopped = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final AtomicInteger closerLooks = new AtomicInteger();
    volatile Epochs epochs;
    volatile Thread closer;

    @Override
    public long getAsLong() {
      if (Thread.currentThread().equals(closer)) {
        closerLooks.incrementAndGet();
      } else if (epochs != null && someSlotIsParked()) {
        stopped.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return System.nanoTime();
    }

    private boolean someSlotIsParked() {
      for (int slot = 0; slot < epochs.window(); slot++) {
        if (epochs.slotWord(slot) == Epochs.PARKED) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void closingWaitsForTheThread() throws InterruptedException {
    StoppingClock clock = new StoppingClock();
    TestHeap heap = TestHeap.stepped(TestHeap.smallHeap().build(), clock);
    long handle = heap.handles().allocate(64);
    FramePool frames = heap.runtime().memory().frames();
    int taken = 0;
    while (taken >= 0) {
      taken = frames.tryTake(true);
    }
    clock.epochs = heap.runtime().memory().epochs();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread waiter =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (DerefScope scope = heap.enter()) {
                    heap.handles().deref(scope, handle);
                    heap.handles().allocate(4080);
                  } catch (Throwable t) {
                    seen.set(t);
                  }
                });
    clock.stopped.await();
    Thread closer = Thread.ofPlatform().daemon().unstarted(heap::close);
    clock.closer = closer;
    closer.start();
    while (closer.isAlive() && clock.closerLooks.get() < LOOKS_OF_A_WAIT) {
      Thread.onSpinWait();
    }
    boolean waited = closer.isAlive();
    clock.goOn.countDown();
    waiter.join();
    closer.join();
    assertTrue(waited, "the heap was taken down under a thread that waits for a frame");
    assertInstanceOf(HeapClosedException.class, seen.get());
  }
}
