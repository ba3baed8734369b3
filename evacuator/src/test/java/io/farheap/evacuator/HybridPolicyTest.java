package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HybridPolicyTest {
  private static final int LIVE = 1000;

  private final HybridPolicy policy = new HybridPolicy(0.8);

  @Test
  void theShareOfTouchedBytesDecides() {
    assertTrue(policy.paging(801, LIVE, true));
    assertFalse(policy.paging(800, LIVE, true));
    assertTrue(policy.paging(801, LIVE, false));
    assertFalse(policy.paging(800, LIVE, false));
  }

  @Test
  void whatNobodyTouchedGoesByTheObjectPath() {
    assertFalse(policy.paging(0, LIVE, true));
    assertFalse(policy.paging(0, 0, true));
  }

  @Test
  void theThresholdIsTheHeapsOwn() {
    assertTrue(new HybridPolicy(0).paging(1, LIVE, false));
    assertFalse(new HybridPolicy(1).paging(LIVE, LIVE, false));
  }
}
