package io.farheap.jmh.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.jmh.work.Overwrites;
import io.farheap.jmh.work.Workload;
import org.junit.jupiter.api.Test;

/** What the footprint benchmark counts. */
class FootprintChurnTest {
  private static final int KEYS = 1 << 12;
  private static final int PAGE_AND_A_BIT = 4096;

  @Test
  void overwritesAsManyBytesAsItWasAskedFor() {
    Workload workload = new Overwrites(KEYS, 256, 64, 4096, 0.99, 5);
    try (FootprintChurn churn = new FootprintChurn(workload)) {
      churn.overwrite(2);
      assertFalse(churn.ranFull());
      assertEquals(2, churn.overwritten(), 0.2);
      assertTrue(churn.worstTotalPerLive() >= 1, "" + churn.worstTotalPerLive());
      assertTrue(churn.metadataPerObject() >= 16, "a record alone has 16 bytes");
      churn.verify();
    }
  }

  @Test
  void seesThatAnObjectThatJustMissesAPageTakesTwo() {
    Workload workload = new Overwrites(KEYS, 256, PAGE_AND_A_BIT, PAGE_AND_A_BIT, 0.01, 5);
    try (FootprintChurn churn = new FootprintChurn(workload)) {
      assertEquals(2, churn.totalPerLive(), 0.1);
    }
  }

  @Test
  void aHandleTakesEightBytesOfTheJavaHeapAndAPointerMore() {
    double handle = JavaHeapCost.ofHandles(1 << 16);
    double pointer = JavaHeapCost.ofPointers(1 << 16);
    assertTrue(handle >= 8, "handle " + handle);
    assertTrue(pointer > 16, "pointer " + pointer);
  }
}
