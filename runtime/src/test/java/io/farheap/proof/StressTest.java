package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.WeakPtr;
import io.farheap.error.StaleHandleException;
import io.farheap.options.Mode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many real threads on few objects and few frames. Every read checks whose bytes it got. */
final class StressTest {
  private static final int PLATFORM = 8;
  private static final int VIRTUAL = 2000;
  private static final int HOT = 12;

  private static SplittableRandom random(int number) {
    return new SplittableRandom(StressHeap.SEED + number);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void writersAndReadersOfHotObjects(Mode mode) throws InterruptedException {
    try (StressHeap world = StressHeap.of(mode)) {
      List<UniquePtr<byte[]>> hot = new ArrayList<>();
      List<ReentrantLock> locks = new ArrayList<>();
      for (int i = 0; i < HOT; i++) {
        hot.add(world.heap.allocate(StressContent.bytes(-i, 0)));
        locks.add(new ReentrantLock());
      }
      AtomicLong[] versions = new AtomicLong[HOT];
      for (int i = 0; i < HOT; i++) {
        versions[i] = new AtomicLong();
      }
      Crowd.Task task =
          number -> {
            SplittableRandom random = random(number);
            for (int i = number < PLATFORM ? 2000 : 8; i > 0; i--) {
              int h = random.nextInt(HOT);
              long seen = versions[h].get();
              long found =
                  world.heap.handles().getLong(hot.get(h).handle(), StressContent.VERSION_OFFSET);
              assertTrue(found >= seen, "version " + found + " read after " + seen);
              if (random.nextInt(3) == 0) {
                raise(world, hot.get(h), -h, locks.get(h), versions[h]);
              }
              world.stir(random, 2);
            }
          };
      new Crowd().platform(PLATFORM, task).virtual(VIRTUAL, task).startAndJoin();
      for (int h = 0; h < HOT; h++) {
        assertEquals(versions[h].get(), StressContent.check(hot.get(h).get(), -h, "read"));
      }
      List<HeapAudit.Expected> live = new ArrayList<>();
      hot.forEach(p -> live.add(new HeapAudit.Expected(p.handle(), StressContent.BYTES, 1)));
      world.audit(live);
    }
  }

  /** Writes the next version in place; whoever holds the lock sees the one before, whole. */
  private static void raise(
      StressHeap world, UniquePtr<byte[]> object, long name, ReentrantLock lock, AtomicLong last) {
    lock.lock();
    try (DerefScope scope = world.heap.enter()) {
      MemorySegment segment = object.derefMut(scope);
      long version = StressContent.check(segment, name, "dereference");
      assertEquals(last.get(), version, "a version was lost");
      StressContent.write(segment, name, version + 1);
      last.set(version + 1);
    } finally {
      lock.unlock();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void staleHandlesNeverNameAnotherObject(Mode mode) throws InterruptedException {
    try (StressHeap world = StressHeap.of(mode)) {
      AtomicLongArray slots = new AtomicLongArray(HOT);
      for (int i = 0; i < HOT; i++) {
        slots.set(i, world.named());
      }
      AtomicInteger stale = new AtomicInteger();
      Crowd.Task task =
          number -> {
            SplittableRandom random = random(number);
            // Goes stale by this thread's own frees too, even if no two threads ever overlap.
            long kept = slots.get(random.nextInt(HOT));
            for (int i = number < PLATFORM ? 2000 : 8; i > 0; i--) {
              long handle = random.nextBoolean() ? kept : slots.get(random.nextInt(HOT));
              try {
                use(world, handle, random.nextInt(4));
              } catch (StaleHandleException e) {
                stale.incrementAndGet();
                kept = slots.get(random.nextInt(HOT));
              }
              if (random.nextInt(4) == 0) {
                world.heap.handles().free(slots.getAndSet(random.nextInt(HOT), world.named()));
              }
              world.stir(random, 1);
            }
          };
      new Crowd().platform(PLATFORM, task).virtual(VIRTUAL, task).startAndJoin();
      assertTrue(stale.get() > 0, "no handle ever went stale under its user");
      List<HeapAudit.Expected> live = new ArrayList<>();
      for (int i = 0; i < HOT; i++) {
        live.add(new HeapAudit.Expected(slots.get(i), StressContent.BYTES, 1));
      }
      world.audit(live);
    }
  }

  private static void use(StressHeap world, long handle, int how) {
    switch (how) {
      case 0 -> assertEquals(handle, world.heap.handles().getLong(handle, 0));
      case 1 -> {
        byte[] target = new byte[StressContent.BYTES];
        world.heap.handles().read(handle, 0, MemorySegment.ofArray(target));
        StressContent.check(target, handle, "read");
      }
      case 2 -> {
        try (DerefScope scope = world.heap.enter()) {
          MemorySegment segment = world.heap.handles().deref(scope, handle);
          for (int i = 0; i < 4; i++) {
            StressContent.check(segment, handle, "dereference");
            Thread.onSpinWait();
          }
        }
      }
      default -> assertEquals(StressContent.BYTES, world.heap.handles().lengthBytes(handle));
    }
  }

  @Test
  void ownersThatComeAndGo() throws InterruptedException {
    try (StressHeap world = StressHeap.of(Mode.HYBRID)) {
      for (int round = 0; round < 60; round++) {
        SharedPtr<byte[]> first = world.heap.allocate(StressContent.bytes(round, 0)).share();
        WeakPtr<byte[]> weak = first.weak();
        long handle = first.handle();
        int name = round;
        AtomicInteger frees = new AtomicInteger();
        Crowd.Task task =
            number -> {
              SplittableRandom random = random(number);
              for (int i = 0; i < 20; i++) {
                weak.lock()
                    .ifPresent(
                        owner -> {
                          SharedPtr<byte[]> alias = owner.alias();
                          owner.close();
                          StressContent.check(alias.get(), name, "alias");
                          alias.free();
                        });
              }
              if (number == 0) {
                first.close();
                frees.incrementAndGet();
              }
              world.stir(random, 3);
            };
        new Crowd().platform(PLATFORM, task).virtual(40, task).startAndJoin();
        assertTrue(weak.lock().isEmpty(), "the object outlived its owners");
        assertThrows(StaleHandleException.class, () -> world.heap.handles().free(handle));
      }
      world.audit(List.of());
    }
  }

  @Test
  void twoFreesOfOneHandle() throws InterruptedException {
    try (StressHeap world = StressHeap.of(Mode.HYBRID)) {
      AtomicLong handle = new AtomicLong(world.named());
      AtomicInteger wins = new AtomicInteger();
      int rounds = 2000;
      CyclicBarrier barrier =
          new CyclicBarrier(
              4,
              () -> {
                assertEquals(1, wins.getAndSet(0), "frees of one handle that succeeded");
                handle.set(world.named());
              });
      Crowd crowd = new Crowd();
      crowd.platform(
          4,
          number -> {
            for (int i = 0; i < rounds; i++) {
              try {
                world.heap.handles().free(handle.get());
                wins.incrementAndGet();
              } catch (StaleHandleException e) {
                assertTrue(e.getMessage().contains("freed"), e.getMessage());
              }
              barrier.await();
            }
          });
      crowd.startAndJoin();
      world.audit(List.of(new HeapAudit.Expected(handle.get(), StressContent.BYTES, 1)));
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyFetchesOfOneObject(Mode mode) throws InterruptedException {
    try (StressHeap world = StressHeap.of(mode)) {
      UniquePtr<byte[]> object = world.heap.allocate(StressContent.bytes(7, 7));
      SplittableRandom stirring = random(0);
      CyclicBarrier barrier = new CyclicBarrier(PLATFORM, () -> world.stir(stirring, 9000));
      Crowd.Task task =
          number -> {
            for (int i = 0; i < 40; i++) {
              barrier.await();
              StressContent.check(object.get(), 7, "read");
            }
          };
      new Crowd().platform(PLATFORM, task).startAndJoin();
      world.audit(List.of(new HeapAudit.Expected(object.handle(), StressContent.BYTES, 1)));
    }
  }
}
