package io.farheap.jmh.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.jmh.work.FarHeaps;
import io.farheap.jmh.work.KeyedObjects;
import io.farheap.jmh.work.SkewedChurn;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How the evacuation benchmark takes its times. */
class EvacuationHeapTest {
  private static final int KEYS = 1 << 10;
  private static final int OPERATIONS = 1 << 10;

  @Test
  void everyOperationOfASliceHasATimeAndTheyComeSorted() {
    SkewedChurn churn = new SkewedChurn(KEYS, OPERATIONS, 30, 1);
    try (EvacuationHeap heap =
        new EvacuationHeap(
            FarHeaps.options(KeyedObjects.footprintBytes(churn), 100, 4, FarHeaps.NEAR).build(),
            churn,
            2)) {
      int[] operations = new int[OPERATIONS];
      churn.next(operations);
      long[] first = heap.measure(operations);
      churn.next(operations);
      heap.measure(operations);
      assertEquals(OPERATIONS, first.length);
      for (int i = 1; i < OPERATIONS; i++) {
        assertTrue(first[i - 1] <= first[i]);
      }
      assertEquals(2 * OPERATIONS, heap.pooled().length);
      assertTrue(heap.agentsCpuShare() >= 0);
      assertThrows(IndexOutOfBoundsException.class, () -> heap.measure(operations));
    }
  }

  @Test
  void aQuantileIsTheLeastValueThatEnoughValuesDoNotExceed() {
    long[] values = LongStream.rangeClosed(1, 1000).toArray();
    assertEquals(999, Evacuation.quantile(values, 0.999));
    assertEquals(500, Evacuation.quantile(values, 0.5));
    assertEquals(1, Evacuation.quantile(new long[] {1}, 0.999));
  }
}
