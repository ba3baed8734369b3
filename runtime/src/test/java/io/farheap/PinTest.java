package io.farheap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.farheap.allocator.FrameTable;
import io.farheap.layout.Codec;
import io.farheap.options.HeapOptions;
import org.junit.jupiter.api.Test;

class PinTest {
  @Test
  void aPinThatNobodyGotHoldsNothing() {
    HeapOptions options = TestHeap.smallHeap().build();
    try (TestHeap heap = TestHeap.stepped(options, System::nanoTime)) {
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
