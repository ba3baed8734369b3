package io.farheap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.allocator.FrameTable;
import io.farheap.layout.Codec;
import org.junit.jupiter.api.Test;

class PinTest {
  @Test
  void aPinThatNobodyGotHoldsNothing() {
    HeapOptions options = TestHeap.smallHeap(System::nanoTime, false).build();
    try (TestHeap heap = new TestHeap(options)) {
      long object = heap.handles().allocate(8);
      FrameTable frames = heap.runtime().memory().frameTable();
      int before = pins(frames);
      PointerType<byte[]> withoutRegistry =
          new PointerType<>(heap.runtime().core(), Codec.bytes(), null, null);
      assertThrows(
          NullPointerException.class, () -> Pin.take(withoutRegistry, object, false, false));
      assertEquals(before, pins(frames));
    }
  }

  private static int pins(FrameTable frames) {
    int sum = 0;
    for (int frame = 0; frame < frames.frames(); frame++) {
      sum += frames.pins(frame);
    }
    return sum;
  }
}
