package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.FarHeap;
import io.farheap.Pin;
import io.farheap.UniquePtr;
import io.farheap.error.PinException;
import io.farheap.error.StaleHandleException;
import io.farheap.stats.Gauge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pins, used where and when they must not be. */
class PinMisuseTest {
  private FarHeap heap;
  private UniquePtr<byte[]> ptr;

  @BeforeEach
  void open() {
    heap = Heaps.small();
    ptr = heap.allocate(new byte[] {1, 2, 3, 4});
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private static byte first(MemorySegment segment) {
    return segment.get(ValueLayout.JAVA_BYTE, 0);
  }

  private static Void close(Pin pin) {
    pin.close();
    return null;
  }

  @Test
  void closedPinIsRefused() {
    Pin pin = ptr.pin();
    MemorySegment segment = pin.segment();
    assertEquals(1, first(segment));
    pin.close();
    assertThrows(PinException.class, pin::segment);
    assertThrows(IllegalStateException.class, () -> first(segment));
  }

  @Test
  void closingTwiceUnpinsOnce() {
    try (Pin other = ptr.pin()) {
      Pin pin = ptr.pinMut();
      pin.close();
      assertDoesNotThrow(pin::close);
      assertEquals(1, heap.stats().level(Gauge.PINS));
      assertEquals(1, first(other.segment()));
    }
    assertEquals(0, heap.stats().level(Gauge.PINS));
  }

  @Test
  void pinForReadingRefusesWrites() {
    try (Pin pin = ptr.pin()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> pin.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 9));
    }
    assertEquals(1, ptr.get()[0]);
  }

  @Test
  void pinBelongsToItsThreadAndStays() {
    try (Pin pin = ptr.pin()) {
      assertInstanceOf(
          WrongThreadException.class, Heaps.thrownElsewhere(() -> first(pin.segment())));
      assertInstanceOf(WrongThreadException.class, Heaps.thrownElsewhere(() -> close(pin)));
      assertEquals(1, first(pin.segment()));
      assertEquals(1, heap.stats().level(Gauge.PINS));
    }
    assertEquals(0, heap.stats().level(Gauge.PINS));
  }

  @Test
  void sharedPinMayCrossThreads() {
    Pin pin = ptr.pinMutShared();
    assertNull(
        Heaps.thrownElsewhere(
            () -> {
              pin.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 9);
              return null;
            }));
    assertNull(Heaps.thrownElsewhere(() -> close(pin)));
    assertThrows(PinException.class, pin::segment);
    assertEquals(9, ptr.get()[0]);
  }

  @Test
  void pinOutlivesTheObjectItHolds() {
    Pin pin = ptr.pin();
    long handle = ptr.handle();
    ptr.free();
    for (int i = 0; i < 2000; i++) {
      heap.handles().free(heap.allocate(Heaps.page(i)).move().handle());
    }
    assertEquals(1, first(pin.segment()));
    assertThrows(StaleHandleException.class, () -> heap.handles().getByte(handle, 0));
    pin.close();
  }
}
