package io.farheap.misuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.TestHeap;
import io.farheap.UniquePtr;
import io.farheap.error.BoundsException;
import io.farheap.error.ConfigurationException;
import io.farheap.error.LayoutException;
import io.farheap.error.ObjectTooLargeException;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.options.HeapOptions;
import io.farheap.transport.FarMemory;
import io.farheap.transport.embedded.EmbeddedMemory;
import io.farheap.transport.embedded.EmbeddedOptions;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes, ranges and values that do not fit. */
class SizeMisuseTest {
  private static final long[] LENGTHS = {0, 1, 7, 8, 16, 100, 4088, 5000, 100_000};

  private FarHeap heap;

  record Point(long x, long y) {}

  record Named(String name) {}

  @SuppressWarnings("ArrayRecordComponent") // what is refused here
  record Unsized(int[] values) {}

  @BeforeEach
  void open() {
    heap = Heaps.small();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void aServerWithSlabsOfAnotherSizeIsRefusedWhenTheHeapIsOpened() {
    FarMemory farMemory =
        new EmbeddedMemory(new EmbeddedOptions(8 << 20, 2 << 20, 0, 0, false, System::nanoTime));
    HeapOptions options = TestHeap.smallHeap().build();
    ConfigurationException e =
        assertThrows(ConfigurationException.class, () -> new TestHeap(options, farMemory));
    assertEquals("slab-size", e.key());
    assertTrue(e.getMessage().contains("use 2MiB"), e.getMessage());
  }

  @Test
  void tooLargeObjectsAreRefusedAndTheLargestFits() {
    int most = heap.maxObjectBytes();
    for (long length : new long[] {most + 1L, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE}) {
      ObjectTooLargeException e =
          assertThrows(ObjectTooLargeException.class, () -> heap.allocateBytes(length));
      assertTrue(e.getMessage().contains(Long.toString(length)), e.getMessage());
      assertThrows(ObjectTooLargeException.class, () -> heap.handles().allocate(length));
    }
    assertThrows(ObjectTooLargeException.class, () -> heap.allocate(new byte[most + 1]));
    try (UniquePtr<byte[]> ptr = heap.allocateBytes(most)) {
      ptr.write(most - 1L, new byte[] {5});
      assertEquals(5, ptr.get()[most - 1]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void objectsThatNoSlabHoldsAreRefusedBeforeASlabIsAskedFor(int slabs) {
    HeapOptions options =
        TestHeap.smallHeap().localMemory("8MiB").farMemoryBytes(slabs << 20).build();
    try (TestHeap wide = new TestHeap(options)) {
      int most = wide.runtime().core().lifecycle().maxBodyBytes();
      ObjectTooLargeException e =
          assertThrows(ObjectTooLargeException.class, () -> wide.handles().allocate(most + 1L));
      assertTrue(e.getMessage().contains("slab-size"), e.getMessage());
      assertEquals(0, wide.runtime().memory().segments().slabs());
      long largest = wide.handles().allocate(most);
      wide.handles().setByte(largest, most - 1L, (byte) 5);
      assertEquals(5, wide.handles().getByte(largest, most - 1L));
    }
  }

  @Test
  void negativeSizesAreRefused() {
    for (long length : new long[] {-1, Integer.MIN_VALUE, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> heap.allocateBytes(length));
      assertThrows(IllegalArgumentException.class, () -> heap.handles().allocate(length));
    }
  }

  @Test
  void rangesOutsideAnObjectAreRefused() {
    for (long length : LENGTHS) {
      try (UniquePtr<byte[]> ptr = heap.allocateBytes(length)) {
        for (long offset :
            List.of(-1L, Long.MIN_VALUE, length, length + 1, 1L << 32, Long.MAX_VALUE)) {
          assertThrows(BoundsException.class, () -> ptr.read(offset, new byte[1]));
          assertThrows(BoundsException.class, () -> ptr.write(offset, new byte[1]));
          assertFieldRefused(ptr.handle(), offset);
        }
        assertThrows(BoundsException.class, () -> ptr.read(0, new byte[(int) length + 1]));
        assertThrows(BoundsException.class, () -> ptr.read(1, new byte[(int) length]));
        assertThrows(BoundsException.class, () -> ptr.write(1, new byte[(int) length]));
        assertFieldRefused(ptr.handle(), length - Long.BYTES + 1);
        ptr.read(length, new byte[0]);
        assertArrayEquals(new byte[(int) length], ptr.get());
      }
    }
  }

  private void assertFieldRefused(long handle, long offset) {
    assertThrows(BoundsException.class, () -> heap.handles().getLong(handle, offset));
    assertThrows(BoundsException.class, () -> heap.handles().setLong(handle, offset, -1));
  }

  @Test
  void offsetsThatWrapAroundAreRefused() {
    long handle = heap.handles().allocate(64);
    for (long offset : new long[] {1L << 32, (1L << 32) + 8, -(1L << 32), Long.MIN_VALUE + 8}) {
      assertFieldRefused(handle, offset);
      assertThrows(BoundsException.class, () -> heap.handles().getByte(handle, offset));
      assertThrows(BoundsException.class, () -> heap.handles().setInt(handle, offset, 1));
      assertThrows(
          BoundsException.class,
          () -> heap.handles().read(handle, offset, MemorySegment.ofArray(new byte[8])));
    }
  }

  @Test
  void valuesOfAnotherLengthAreRefusedAndChangeNothing() {
    try (UniquePtr<byte[]> ptr = heap.allocate(new byte[] {1, 2, 3})) {
      assertThrows(LayoutException.class, () -> ptr.set(new byte[2]));
      assertThrows(LayoutException.class, () -> ptr.set(new byte[4]));
      assertThrows(LayoutException.class, () -> ptr.set((byte[]) null));
      assertArrayEquals(new byte[] {1, 2, 3}, ptr.get());
    }
    assertThrows(LayoutException.class, () -> heap.allocate((byte[]) null));
  }

  @Test
  void recordsWithoutLayoutAreRefused() {
    assertThrows(LayoutException.class, () -> heap.allocate(new Named("n")));
    assertThrows(LayoutException.class, () -> heap.allocate(new Unsized(new int[3])));
    assertThrows(LayoutException.class, () -> RecordLayout.of(Named.class));
    LongField<Point> x = RecordLayout.of(Point.class).longField("x");
    try (UniquePtr<Point> ptr = heap.allocate(new Point(1, 2))) {
      assertEquals(1, ptr.get(x));
    }
  }

  @Test
  void recordsReadFromOtherObjectsAreRefused() {
    long handle = heap.handles().allocate(8);
    RecordLayout<Point> layout = RecordLayout.of(Point.class);
    assertThrows(LayoutException.class, () -> heap.handles().get(layout, handle));
    assertThrows(LayoutException.class, () -> heap.handles().set(layout, handle, new Point(1, 2)));
    assertEquals(0, heap.handles().getLong(handle, 0));
  }
}
