package io.farheap.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.options.HeapOptions;
import io.farheap.options.Mode;
import io.farheap.stats.Counter;
import io.farheap.stats.Gauge;
import io.farheap.stats.HeapStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Skewed churn: objects of log-uniform sizes are replaced and read, a few of them most of the time,
 * while the evacuator takes the garbage away. Memory, records, threads and the far memory that is
 * taken stay as they were after the first part.
 */
final class ChurnSoakTest {
  private static final long SEED = Long.getLong("farheap.seed", 20261122);
  private static final long LOCAL_BYTES = 8 << 20;
  private static final long LIVE_BYTES = 4 * LOCAL_BYTES;
  private static final int MOST_BYTES = 4000;
  private static final int PARTS = 10;
  private static final double MOST_FAR_PER_LIVE = 1.6;

  /** What must not grow. */
  private record Footprint(long metadataBytes, long records, long javaBytes, int threads) {}

  private final List<UniquePtr<byte[]>> objects = new ArrayList<>();
  private final List<Long> versions = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void staysSmallForAWhile() {
    run(400_000);
  }

  @Test
  @Tag("soak")
  void staysSmallForLong() {
    run(Long.getLong("farheap.operations", 200_000_000));
  }

  private void run(long operations) {
    HeapOptions options =
        TestHeap.smallHeap()
            .localMemoryBytes(LOCAL_BYTES)
            .farMemoryBytes(4 * LIVE_BYTES)
            .mode(Mode.HYBRID)
            .frameWaitTimeout(StressHeap.LONG)
            .transportTimeout(StressHeap.LONG)
            .build();
    try (TestHeap heap = new TestHeap(options)) {
      for (long bytes = 0; bytes < LIVE_BYTES; bytes += objects.getLast().lengthBytes()) {
        objects.add(null);
        versions.add(-1L);
        replace(heap, objects.size() - 1);
      }
      Footprint first = null;
      for (int part = 0; part < PARTS; part++) {
        for (long i = operations / PARTS; i > 0; i--) {
          operate(heap);
        }
        Footprint now = footprint(heap);
        if (part == 1) {
          first = now;
        } else if (part > 1) {
          check(first, now);
        }
      }
      HeapStats stats = heap.runtime().stats();
      assertTrue(stats.count(Counter.OBJECTS_EVACUATED) > 0, "nothing was ever evacuated");
      awaitSmallFarMemory(heap);
      recount(heap);
    } catch (AssertionError e) {
      throw new AssertionError("repeat with -Dfarheap.seed=" + SEED + ": " + e.getMessage(), e);
    }
  }

  /** Mostly the first few; zipf would do the same more slowly. */
  private int choose() {
    double u = random.nextDouble();
    return (int) (objects.size() * u * u * u);
  }

  private void operate(TestHeap heap) {
    int chosen = choose();
    if (random.nextInt(4) == 0) {
      replace(heap, chosen);
    } else {
      check(objects.get(chosen).get(), chosen);
    }
  }

  private void replace(TestHeap heap, int i) {
    if (objects.get(i) != null) {
      objects.get(i).free();
    }
    double size =
        StressContent.BYTES
            * Math.pow((double) MOST_BYTES / StressContent.BYTES, random.nextDouble());
    long version = versions.get(i) + 1;
    versions.set(i, version);
    objects.set(i, heap.allocate(Arrays.copyOf(StressContent.bytes(i, version), (int) size)));
  }

  private void check(byte[] found, int i) {
    assertEquals(versions.get(i), StressContent.check(found, i, "read"), "version of " + i);
  }

  private static Footprint footprint(TestHeap heap) {
    HeapStats stats = heap.runtime().stats();
    Runtime java = Runtime.getRuntime();
    System.gc();
    return new Footprint(
        stats.level(Gauge.LOCAL_METADATA_BYTES),
        stats.level(Gauge.RECORDS_LIVE),
        java.totalMemory() - java.freeMemory(),
        Thread.getAllStackTraces().size());
  }

  private static void check(Footprint first, Footprint now) {
    assertTrue(now.metadataBytes() <= first.metadataBytes() * 1.3, first + " became " + now);
    assertEquals(first.records(), now.records(), first + " became " + now);
    assertTrue(now.javaBytes() <= first.javaBytes() + (32 << 20), first + " became " + now);
    assertTrue(now.threads() <= first.threads() + 4, first + " became " + now);
  }

  private static double farPerLive(TestHeap heap) {
    HeapStats stats = heap.runtime().stats();
    return (double) stats.level(Gauge.FAR_BYTES_TOTAL) / stats.level(Gauge.FAR_BYTES_LIVE);
  }

  /** The evacuator may be behind by what was overwritten last. */
  private static void awaitSmallFarMemory(TestHeap heap) {
    long deadline = System.nanoTime() + StressHeap.LONG.toNanos();
    while (farPerLive(heap) > MOST_FAR_PER_LIVE && System.nanoTime() - deadline < 0) {
      heap.step();
    }
    assertTrue(
        farPerLive(heap) <= MOST_FAR_PER_LIVE, "far memory per live byte " + farPerLive(heap));
  }

  private void recount(TestHeap heap) {
    List<HeapAudit.Expected> live = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      check(objects.get(i).get(), i);
      live.add(new HeapAudit.Expected(objects.get(i).handle(), objects.get(i).lengthBytes(), 1));
    }
    HeapAudit.atRest(
        heap.runtime(), () -> HeapAudit.check(heap.runtime().memory(), live, List.of()));
  }
}
