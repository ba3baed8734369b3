package io.farheap.internal.far;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import org.junit.jupiter.api.Test;

class SlabMapTest {
  private static final int SLAB_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 4096;
  private static final long PAGE = 3 * PAGE_BYTES;
  private static final int TWO_PAGES = 2 * PAGE_BYTES;

  @Test
  void aSlabInALostOnesPlaceHoldsAPageOnceItsWriteIsDone() {
    TransportOptions options = new TransportOptions(4 * SLAB_BYTES, SLAB_BYTES, System::nanoTime);
    try (FarMemory farMemory = Transports.open("embedded:", options)) {
      SlabMap map = new SlabMap(farMemory, SLAB_BYTES, 1);
      assertTrue(map.addSlab(0));
      long first = map.read(new Transfer(), PAGE, 0, TWO_PAGES).slab();
      assertTrue(map.has(PAGE, TWO_PAGES));
      map.failed(new SlabLostException("lost on purpose"), PAGE, first);
      assertFalse(map.has(PAGE, TWO_PAGES));

      long second = map.writePages(new Transfer(), PAGE, 0, TWO_PAGES).slab();
      assertNotEquals(first, second);
      assertFalse(map.has(PAGE, TWO_PAGES), "the write may fail yet");
      assertEquals(first, map.read(new Transfer(), PAGE, 0, TWO_PAGES).slab());

      map.written(PAGE, second, TWO_PAGES);
      assertTrue(map.has(PAGE, TWO_PAGES));
      assertFalse(map.has(PAGE, TWO_PAGES + PAGE_BYTES), "the page behind was not written");
      assertEquals(second, map.read(new Transfer(), PAGE, 0, TWO_PAGES).slab());
    }
  }

  @Test
  void aWriteToASlabThatWasLostMeanwhileDoesNotCount() {
    TransportOptions options = new TransportOptions(4 * SLAB_BYTES, SLAB_BYTES, System::nanoTime);
    try (FarMemory farMemory = Transports.open("embedded:", options)) {
      SlabMap map = new SlabMap(farMemory, SLAB_BYTES, 1);
      assertTrue(map.addSlab(0));
      long first = map.writePages(new Transfer(), PAGE, 0, TWO_PAGES).slab();
      map.failed(new SlabLostException("lost on purpose"), PAGE, first);
      long second = map.writePages(new Transfer(), PAGE, 0, PAGE_BYTES).slab();
      assertNotEquals(first, second);
      map.written(PAGE, first, TWO_PAGES);
      assertFalse(map.has(PAGE, TWO_PAGES));
    }
  }
}
