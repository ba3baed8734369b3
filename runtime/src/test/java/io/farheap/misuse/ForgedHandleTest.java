package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.error.BoundsException;
import io.farheap.error.SpentPointerException;
import io.farheap.error.StaleHandleException;
import io.farheap.stats.Gauge;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Numbers that never were handles: each names nothing, unless it is exactly a live handle. */
class ForgedHandleTest {
  private static final long SEED = 0x5EED;
  private static final int GENERATION_BITS = 24;
  private static final int ATTEMPTS = 2_000_000;

  /** Random in full, close to real handles, or a real one with a few bits changed. */
  private static long forge(SplittableRandom random, long real) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> (random.nextLong(1L << 23) << GENERATION_BITS) | random.nextInt(4);
      case 2 -> (random.nextLong(2000) << GENERATION_BITS) | random.nextInt(4);
      default -> real ^ (1L << random.nextInt(64));
    };
  }

  /** True if the heap took the number for a handle. */
  private static boolean accepted(FarHeap heap, SplittableRandom random, long handle) {
    Handles handles = heap.handles();
    try {
      switch (random.nextInt(8)) {
        case 0 -> handles.setLong(handle, 0, -1);
        case 1 -> handles.free(handle);
        case 2 -> {
          return handles.retain(handle);
        }
        case 3 -> handles.lengthBytes(handle);
        case 4 -> {
          try (DerefScope scope = heap.enter()) {
            handles.derefMut(scope, handle).set(ValueLayout.JAVA_BYTE, 0, (byte) -1);
          }
        }
        default -> handles.getLong(handle, random.nextInt(-8, 64));
      }
      return true;
    } catch (StaleHandleException e) {
      return false;
    } catch (SpentPointerException e) {
      assertEquals(0, handle);
      return false;
    }
  }

  @Test
  void forgedHandlesNameNothingAndChangeNothing() {
    SplittableRandom random = new SplittableRandom(SEED);
    try (FarHeap heap = Heaps.small()) {
      Map<Long, Long> live = new HashMap<>();
      long[] reals = new long[1000];
      for (int i = 0; i < reals.length; i++) {
        long freed = heap.handles().allocate(16);
        reals[i] = heap.handles().allocate(16);
        heap.handles().setLong(reals[i], 0, i);
        heap.handles().free(freed);
        live.put(reals[i], (long) i);
      }
      for (int i = 0; i < ATTEMPTS; i++) {
        long handle = forge(random, reals[random.nextInt(reals.length)]);
        if (!live.containsKey(handle)) {
          int attempt = i;
          assertEquals(
              false,
              accepted(heap, random, handle),
              () -> "seed " + SEED + ", attempt " + attempt + ", handle " + handle);
        }
      }
      live.forEach((handle, value) -> assertEquals(value, heap.handles().getLong(handle, 0)));
      assertEquals(live.size(), heap.stats().level(Gauge.RECORDS_LIVE));
      live.keySet().forEach(heap.handles()::free);
      assertEquals(0, heap.stats().level(Gauge.RECORDS_LIVE));
    }
  }

  @Test
  void readsOfForgedHandlesAreHarmlessWhileRecordsComeAndGo() throws InterruptedException {
    try (FarHeap heap = Heaps.small()) {
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      Thread user =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      comeAndGo(heap);
                    } catch (Throwable t) {
                      wrong.set(t);
                    }
                  });
      SplittableRandom random = new SplittableRandom(SEED);
      long reads = 0;
      while (user.isAlive()) {
        long handle = (random.nextLong(1500) << GENERATION_BITS) | random.nextInt(64);
        try {
          heap.handles().getLong(handle, random.nextInt(-8, 64));
        } catch (StaleHandleException | SpentPointerException | BoundsException e) {
          reads++;
        }
      }
      user.join();
      assertEquals(null, wrong.get());
      assertTrue(reads > 0);
    }
  }

  private static void comeAndGo(FarHeap heap) {
    Handles handles = heap.handles();
    long[] mine = new long[1000];
    SplittableRandom random = new SplittableRandom(SEED + 1);
    for (int i = 0; i < 200_000; i++) {
      int slot = random.nextInt(mine.length);
      if (mine[slot] != 0) {
        assertEquals(slot, handles.getLong(mine[slot], 0));
        handles.free(mine[slot]);
      }
      mine[slot] = handles.allocate(8L + random.nextInt(64));
      handles.setLong(mine[slot], 0, slot);
    }
  }
}
