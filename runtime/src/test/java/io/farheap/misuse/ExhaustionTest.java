package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Pin;
import io.farheap.UniquePtr;
import io.farheap.error.ConfigurationException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.options.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory that runs out, here or there: a typed exception, nothing lost, and work goes on. */
class ExhaustionTest {
  private static final int FRAMES = Heaps.LOCAL_BYTES / 4096;
  private static final int ATTEMPTS = 1000;

  private static FarHeap impatient() {
    return FarHeap.open(Heaps.options().frameWaitTimeout(Duration.ofMillis(200)).build());
  }

  private static List<UniquePtr<byte[]>> pages(FarHeap heap, int count) {
    List<UniquePtr<byte[]>> pages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pages.add(heap.allocate(Heaps.page(i)));
    }
    return pages;
  }

  private static void assertAllThere(List<UniquePtr<byte[]>> pages) {
    for (int i = 0; i < pages.size(); i++) {
      assertArrayEquals(Heaps.page(i), pages.get(i).get(), "object " + i);
    }
  }

  @Test
  void budgetTooSmallIsRefused() {
    for (long bytes : new long[] {-1, 0, 1, 4096, 63 * 4096}) {
      ConfigurationException e =
          assertThrows(
              ConfigurationException.class,
              () -> FarHeap.open(Heaps.options().localMemoryBytes(bytes).build()));
      assertEquals("local-memory", e.key());
    }
  }

  @Test
  void everythingPinnedNamesThePinsAndRecovers() {
    try (FarHeap heap = impatient()) {
      List<UniquePtr<byte[]>> pages = pages(heap, 2 * FRAMES);
      List<Pin> pins = new ArrayList<>();
      OutOfLocalMemoryException e =
          assertThrows(
              OutOfLocalMemoryException.class,
              () -> {
                for (UniquePtr<byte[]> page : pages) {
                  pins.add(page.pin());
                }
              });
      assertTrue(pins.size() > FRAMES / 2, pins.size() + " pins");
      assertTrue(
          e.holders().stream().anyMatch(line -> line.contains("pin by thread")), e::toString);
      assertThrows(
          OutOfLocalMemoryException.class, () -> heap.allocateBytes(heap.maxObjectBytes()));
      pins.forEach(Pin::close);
      assertAllThere(pages);
    }
  }

  @Test
  void scopeThatHoldsEverythingIsNamedAndRecovers() {
    try (FarHeap heap = impatient()) {
      List<UniquePtr<byte[]>> pages = pages(heap, 2 * FRAMES);
      try (DerefScope scope = heap.enter()) {
        OutOfLocalMemoryException e =
            assertThrows(
                OutOfLocalMemoryException.class, () -> pages.forEach(page -> page.deref(scope)));
        String thread = Thread.currentThread().getName();
        assertTrue(
            e.holders().stream().anyMatch(line -> line.contains("scope") && line.contains(thread)),
            e::toString);
        scope.renew();
        assertEquals(Heaps.PAGE_BODY, pages.get(0).deref(scope).byteSize());
      }
      assertAllThere(pages);
    }
  }

  @Test
  void fullFarMemoryIsReportedAndRecovers() {
    try (FarHeap heap =
        FarHeap.open(
            Heaps.options()
                .mode(Mode.PAGING_ONLY) // the object path takes room in far memory
                .farMemoryBytes(4 << 20)
                .frameWaitTimeout(Duration.ofSeconds(5))
                .build())) {
      List<UniquePtr<byte[]>> pages = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        OutOfFarMemoryException e =
            assertThrows(
                OutOfFarMemoryException.class,
                () -> {
                  while (pages.size() < ATTEMPTS * 10) {
                    pages.add(heap.allocate(Heaps.page(pages.size())));
                  }
                });
        assertTrue(e.getMessage().contains("raise far-memory"), e.getMessage());
        assertTrue(pages.size() > FRAMES, pages.size() + " pages");
        assertAllThere(pages);
        pages.forEach(UniquePtr::free);
        pages.clear();
      }
      pages.add(allocateSoon(heap));
      assertAllThere(pages);
    }
  }

  /** Freed memory is usable once its segments were recycled, and that is the agents' work. */
  private static UniquePtr<byte[]> allocateSoon(FarHeap heap) {
    OutOfFarMemoryException last = null;
    for (int i = 0; i < ATTEMPTS; i++) {
      try {
        return heap.allocate(Heaps.page(0));
      } catch (OutOfFarMemoryException e) {
        last = e;
      }
    }
    throw last;
  }

  @Test
  void fullFarMemoryIsReportedToLargeObjectsToo() {
    try (FarHeap heap = FarHeap.open(Heaps.options().farMemoryBytes(2 << 20).build())) {
      List<UniquePtr<byte[]>> large = new ArrayList<>();
      assertThrows(
          OutOfFarMemoryException.class,
          () -> {
            while (large.size() < ATTEMPTS) {
              large.add(heap.allocateBytes(heap.maxObjectBytes()));
            }
          });
      assertTrue(large.size() > 0);
      for (UniquePtr<byte[]> ptr : large) {
        assertArrayEquals(new byte[heap.maxObjectBytes()], ptr.get());
        ptr.free();
      }
    }
  }
}
