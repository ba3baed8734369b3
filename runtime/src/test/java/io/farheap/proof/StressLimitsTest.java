package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.Pin;
import io.farheap.UniquePtr;
import io.farheap.error.FarAccessException;
import io.farheap.error.HeapClosedException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.options.Mode;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Many real threads at the limits: pinned pages, a failing transport, a closing heap, no frames.
 */
final class StressLimitsTest {
  private static final int PLATFORM = 8;
  private static final int CLOSINGS = 8;
  private static final int HOLDERS = 110;
  private static final int HELD_PAGES = 4;
  private static final int LARGE_ENOUGH_FOR_A_PAGE = 3000;

  private static SplittableRandom random(int number) {
    return new SplittableRandom(StressHeap.SEED + number);
  }

  @Test
  void pinsAgainstEviction() throws InterruptedException {
    try (StressHeap world = StressHeap.of(Mode.HYBRID)) {
      Crowd.Task task =
          number -> {
            SplittableRandom random = random(number);
            UniquePtr<byte[]> own = world.heap.allocate(StressContent.bytes(number, 0));
            long version = 0;
            for (int i = 0; i < 30; i++) {
              try (Pin pin = random.nextBoolean() ? own.pinMut() : own.pinMutShared()) {
                assertEquals(version, StressContent.check(pin.segment(), number, "pin"));
                world.stir(random, 20);
                version++;
                StressContent.write(pin.segment(), number, version);
                world.stir(random, 20);
                assertEquals(version, StressContent.check(pin.segment(), number, "pin"));
              }
              world.stir(random, 20);
              assertEquals(version, StressContent.check(own.get(), number, "read"));
            }
            own.free();
          };
      new Crowd().platform(PLATFORM, task).virtual(100, task).startAndJoin();
      world.audit(List.of());
    }
  }

  @Test
  void aTransportThatFails() throws InterruptedException {
    String locator =
        "faulty:seed=" + StressHeap.SEED + "&drop=0.0005&fail=0.01&reorder=0.1&delay=0.1:embedded:";
    try (StressHeap world =
        new StressHeap(Mode.HYBRID, locator, StressHeap.LONG, Duration.ofMillis(50))) {
      AtomicInteger failures = new AtomicInteger();
      Crowd.Task task =
          number -> {
            SplittableRandom random = random(number);
            UniquePtr<byte[]> own = world.heap.allocate(StressContent.bytes(number, 0));
            long version = 0;
            for (int i = 0; i < 100; i++) {
              try (DerefScope scope = world.heap.enter()) {
                MemorySegment segment = own.derefMut(scope);
                assertEquals(version, StressContent.check(segment, number, "dereference"));
                StressContent.write(segment, number, version + 1);
                version++;
              } catch (FarAccessException e) {
                failures.incrementAndGet();
              }
              try {
                world.stir(random, 20);
              } catch (FarAccessException e) {
                failures.incrementAndGet();
              }
            }
            own.free();
          };
      new Crowd().platform(PLATFORM, task).virtual(60, task).startAndJoin();
      assertTrue(failures.get() > 0, "the transport never failed");
      world.audit(List.of());
    }
  }

  /** Scopes hold most frames, so that many threads are waiting for one when the heap closes. */
  @Test
  void closedUnderLoad() throws InterruptedException {
    for (int round = 0; round < CLOSINGS; round++) {
      StressHeap world = StressHeap.of(Mode.HYBRID);
      AtomicInteger refused = new AtomicInteger();
      AtomicInteger working = new AtomicInteger();
      Crowd.Task task =
          number -> {
            SplittableRandom random = random(number);
            working.incrementAndGet();
            try {
              while (true) {
                holdSome(world, random);
              }
            } catch (HeapClosedException e) {
              refused.incrementAndGet();
            }
          };
      Crowd crowd = new Crowd().platform(PLATFORM, task).virtual(HOLDERS - PLATFORM, task).start();
      while (working.get() < HOLDERS && !crowd.failed()) {
        Thread.onSpinWait();
      }
      world.close();
      crowd.join();
      assertEquals(HOLDERS, refused.get());
    }
  }

  private static void holdSome(StressHeap world, SplittableRandom random) {
    long[] handles = new long[HELD_PAGES];
    for (int i = 0; i < HELD_PAGES; i++) {
      handles[i] = world.named(LARGE_ENOUGH_FOR_A_PAGE);
    }
    try (DerefScope scope = world.heap.enter()) {
      MemorySegment[] segments = new MemorySegment[HELD_PAGES];
      for (int i = 0; i < HELD_PAGES; i++) {
        segments[i] = world.heap.handles().derefMut(scope, handles[i]);
        StressContent.check(segments[i], handles[i], "dereference");
      }
      world.stir(random, 10);
      for (int i = 0; i < HELD_PAGES; i++) {
        StressContent.check(segments[i], handles[i], "held while the heap is closed");
      }
    }
    for (long handle : handles) {
      world.heap.handles().free(handle);
    }
  }

  @Test
  void allFramesPinned() throws InterruptedException {
    try (StressHeap world =
        new StressHeap(Mode.HYBRID, "embedded:", Duration.ofMillis(200), StressHeap.LONG)) {
      List<Pin> pins = new ArrayList<>();
      List<UniquePtr<byte[]>> pinned = new ArrayList<>();
      OutOfLocalMemoryException e =
          assertThrows(
              OutOfLocalMemoryException.class,
              () -> {
                while (true) {
                  pinned.add(world.heap.allocate(new byte[4000]));
                  pins.add(pinned.getLast().pinShared());
                }
              });
      assertTrue(
          e.holders().stream().anyMatch(holder -> holder.contains("pin by thread")),
          e.getMessage());
      assertTrue(pins.size() > 256, pins.size() + " pins of 512 frames");
      pins.forEach(Pin::close);
      pinned.forEach(UniquePtr::free);
      Crowd.Task task = number -> world.stir(random(number), 2000);
      new Crowd().platform(PLATFORM, task).virtual(50, task).startAndJoin();
      world.audit(List.of());
    }
  }
}
