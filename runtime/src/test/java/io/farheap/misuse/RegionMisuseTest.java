package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.Region;
import io.farheap.SharedPtr;
import io.farheap.UniquePtr;
import io.farheap.error.ScopeException;
import io.farheap.error.StaleHandleException;
import io.farheap.stats.Gauge;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Regions and their objects, used after their end. */
class RegionMisuseTest {
  private FarHeap heap;

  @BeforeEach
  void open() {
    heap = Heaps.small();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void closingFreesAllThatIsLeft() {
    long before = heap.stats().level(Gauge.RECORDS_LIVE);
    List<UniquePtr<byte[]>> kept = new ArrayList<>();
    Region region = heap.region();
    for (int i = 0; i < 1000; i++) {
      kept.add(region.allocateBytes(100));
    }
    UniquePtr<byte[]> outside = heap.allocateBytes(100);
    kept.get(0).free();
    UniquePtr<byte[]> moved = kept.get(1).move();
    SharedPtr<byte[]> shared = kept.get(2).share();
    SharedPtr<byte[]> alias = shared.alias();
    assertEquals(before + 1000, heap.stats().level(Gauge.RECORDS_LIVE));
    region.close();
    assertEquals(before + 1, heap.stats().level(Gauge.RECORDS_LIVE));
    assertThrows(StaleHandleException.class, moved::get);
    assertThrows(StaleHandleException.class, shared::get);
    assertThrows(StaleHandleException.class, alias::get);
    assertThrows(StaleHandleException.class, alias::alias);
    for (UniquePtr<byte[]> ptr : kept.subList(3, kept.size())) {
      assertThrows(StaleHandleException.class, ptr::get);
      assertThrows(StaleHandleException.class, ptr::free);
    }
    assertEquals(100, outside.lengthBytes());
    outside.free();
  }

  @Test
  void closedRegionRefusesAndLeavesNothingBehind() {
    Region region = heap.region();
    region.close();
    assertDoesNotThrow(region::close);
    long before = heap.stats().level(Gauge.RECORDS_LIVE);
    assertThrows(ScopeException.class, () -> region.allocateBytes(8));
    assertThrows(ScopeException.class, () -> region.allocate(new byte[8]));
    assertEquals(before, heap.stats().level(Gauge.RECORDS_LIVE));
  }

  @Test
  void closingAPointerAfterItsRegionIsADoubleFree() {
    Region region = heap.region();
    UniquePtr<byte[]> ptr = region.allocateBytes(8);
    region.close();
    assertThrows(StaleHandleException.class, ptr::close);
    assertTrue(ptr.isSpent());
    assertDoesNotThrow(ptr::close);
  }

  @Test
  void regionMayBeClosedAfterItsHeap() {
    FarHeap other = Heaps.small();
    Region region = other.region();
    region.allocateBytes(8);
    other.close();
    assertDoesNotThrow(region::close);
  }
}
