package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.Pin;
import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.error.StaleHandleException;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.HeapStats;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many real threads that replace, write, read, share, pin and link objects, on so little far memory
 * that the evacuator is always at work, so that objects move under every kind of use.
 */
final class StressEvacuationTest {
  private static final int PLATFORM = 4;
  private static final int VIRTUAL = 20;
  private static final int OBJECTS = 500;
  private static final int OPERATIONS = 12_000;
  private static final int HOT = 8;
  private static final int LINK = StressContent.BYTES;
  private static final int MOST_PADDING = 700;
  private static final long FAR_BYTES = 20 << 20;
  private static final int LEAST_EVACUATED = 1000;

  private final TestHeap[] opened = new TestHeap[1];
  private final AtomicLongArray hot = new AtomicLongArray(HOT);
  private final AtomicLong names = new AtomicLong(1);
  private final List<ReentrantLock> locks = new ArrayList<>();
  private final long[] hotVersions = new long[HOT];

  /** An object of one thread, which alone changes and frees it. */
  private static final class Own {
    UniquePtr<byte[]> pointer;
    long name;
    long version;
    int lengthBytes;
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"HYBRID", "OBJECT_ONLY"})
  void everythingAgainstRelocation(Mode mode) throws InterruptedException {
    HeapOptions options =
        TestHeap.smallHeap()
            .farMemoryBytes(FAR_BYTES)
            .mode(mode)
            .frameWaitTimeout(StressHeap.LONG)
            .transportTimeout(StressHeap.LONG)
            .evacuationCpu("100%")
            .build();
    try (TestHeap heap = new TestHeap(options)) {
      opened[0] = heap;
      for (int i = 0; i < HOT; i++) {
        locks.add(new ReentrantLock());
        hot.set(i, heap.handles().allocate(StressContent.BYTES));
        heap.handles().write(hot.get(i), 0, MemorySegment.ofArray(StressContent.bytes(-i, 0)));
      }
      Own[][] owned = new Own[PLATFORM + VIRTUAL][];
      Crowd.Task task = number -> owned[number] = work(number);
      new Crowd().platform(PLATFORM, task).virtual(VIRTUAL, task).startAndJoin();
      HeapStats stats = heap.runtime().stats();
      System.out.println(
          mode
              + ": evacuated "
              + stats.count(Counter.OBJECTS_EVACUATED)
              + ", survivors "
              + stats.count(Counter.SURVIVORS)
              + ", helped "
              + stats.count(Counter.HELPED_RELOCATIONS)
              + ", segments recycled "
              + stats.count(Counter.SEGMENTS_RECYCLED));
      assertTrue(stats.count(Counter.OBJECTS_EVACUATED) > LEAST_EVACUATED, "hardly anything moved");
      recount(heap, owned);
    }
  }

  private Own[] work(int number) {
    SplittableRandom random = new SplittableRandom(StressHeap.SEED + number);
    Own[] own = new Own[OBJECTS];
    for (int i = 0; i < OBJECTS; i++) {
      own[i] = new Own();
      replace(own, i, random);
    }
    for (int i = 0; i < OPERATIONS; i++) {
      int chosen = random.nextInt(random.nextBoolean() ? OBJECTS : OBJECTS / 8);
      operate(own, chosen, random);
    }
    for (int i = 0; i < OBJECTS; i++) {
      check(own[i].pointer.get(), own[i], "last read");
    }
    return own;
  }

  private void operate(Own[] own, int chosen, SplittableRandom random) {
    Own object = own[chosen];
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> replace(own, chosen, random);
      case 3 -> write(object);
      case 4 -> check(object.pointer.get(), object, "read");
      case 5 -> {
        long handle = object.pointer.handle();
        assertEquals(
            object.version,
            opened[0].handles().getLong(handle, StressContent.VERSION_OFFSET),
            "read without a scope");
      }
      case 6 -> {
        try (Pin pin = object.pointer.pinMut()) {
          replace(own, (chosen + 1 + random.nextInt(OBJECTS - 1)) % OBJECTS, random);
          object.version++;
          StressContent.write(pin.segment(), object.name, object.version);
          follow(own, chosen);
        }
      }
      case 7 -> {
        long handle = object.pointer.handle();
        assertTrue(opened[0].handles().retain(handle));
        write(object);
        opened[0].handles().free(handle);
      }
      case 8 -> follow(own, chosen);
      default -> useHot(random);
    }
  }

  /** Frees an object, allocates another one, and tells the one before it. */
  private void replace(Own[] own, int i, SplittableRandom random) {
    Own object = own[i];
    if (object.pointer != null) {
      object.pointer.free();
    }
    object.name = names.getAndIncrement();
    object.version = 0;
    object.lengthBytes = StressContent.BYTES + Long.BYTES + random.nextInt(MOST_PADDING);
    byte[] bytes = Arrays.copyOf(StressContent.bytes(object.name, 0), object.lengthBytes);
    object.pointer = opened[0].allocate(bytes);
    link(own, i);
    link(own, (i + OBJECTS - 1) % OBJECTS);
  }

  private void link(Own[] own, int i) {
    Own next = own[(i + 1) % OBJECTS];
    if (own[i] != null && own[i].pointer != null && next != null && next.pointer != null) {
      opened[0].handles().setLong(own[i].pointer.handle(), LINK, next.pointer.handle());
    }
  }

  /** From an object to the next by the handle that is in it. */
  private void follow(Own[] own, int i) {
    long next = opened[0].handles().getLong(own[i].pointer.handle(), LINK);
    Own expected = own[(i + 1) % OBJECTS];
    try (DerefScope scope = opened[0].enter()) {
      MemorySegment segment = opened[0].handles().deref(scope, next);
      long version = StressContent.check(segment, expected.name, "followed link");
      assertEquals(expected.version, version, "version behind a link");
    }
  }

  private void write(Own object) {
    try (DerefScope scope = opened[0].enter()) {
      MemorySegment segment = object.pointer.derefMut(scope);
      assertEquals(object.version, StressContent.check(segment, object.name, "dereference"));
      object.version++;
      StressContent.write(segment, object.name, object.version);
    }
  }

  private static void check(byte[] found, Own object, String how) {
    assertEquals(object.lengthBytes, found.length, how);
    assertEquals(object.version, StressContent.check(found, object.name, how), how);
  }

  /** Objects that all want: the version is raised under a lock, and sometimes a new one comes. */
  private void useHot(SplittableRandom random) {
    int h = random.nextInt(HOT);
    if (random.nextInt(3) > 0) {
      readHot(h);
      return;
    }
    locks.get(h).lock();
    try {
      long before = hot.get(h);
      try (DerefScope scope = opened[0].enter()) {
        MemorySegment segment = opened[0].handles().derefMut(scope, before);
        long version = StressContent.check(segment, -h, "dereference of a hot object");
        assertEquals(hotVersions[h], version, "a version was lost");
        StressContent.write(segment, -h, version + 1);
        hotVersions[h] = version + 1;
      }
      if (random.nextInt(4) == 0) {
        long after = opened[0].handles().allocate(StressContent.BYTES);
        byte[] bytes = StressContent.bytes(-h, hotVersions[h]);
        opened[0].handles().write(after, 0, MemorySegment.ofArray(bytes));
        hot.set(h, after);
        opened[0].handles().free(before);
      }
    } finally {
      locks.get(h).unlock();
    }
  }

  private void readHot(int h) {
    try {
      assertEquals(-h, opened[0].handles().getLong(hot.get(h), 0), "name of a hot object");
    } catch (StaleHandleException e) {
      assertTrue(e.getMessage().contains("freed"), e.getMessage());
    }
  }

  private void recount(TestHeap heap, Own[][] owned) {
    List<HeapAudit.Expected> live = new ArrayList<>();
    for (int h = 0; h < HOT; h++) {
      live.add(new HeapAudit.Expected(hot.get(h), StressContent.BYTES, 1));
    }
    for (Own[] own : owned) {
      for (Own object : own) {
        live.add(new HeapAudit.Expected(object.pointer.handle(), object.lengthBytes, 1));
      }
    }
    HeapAudit.atRest(
        heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
    for (HeapAudit.Expected object : live) {
      heap.handles().free(object.handle());
    }
    HeapAudit.atRest(
        heap.runtime(),
        () -> {
          heap.runtime().memory().sealLogs(); // an agent may have opened a page since the last time
          HeapAudit.check(heap.runtime().memory(), List.of(), List.of());
          assertEquals(0, heap.runtime().memory().segments().usedSegments(), "segments in use");
        });
  }
}
