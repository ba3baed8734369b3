package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HybridPolicyTest {
  private static final double THRESHOLD = 0.8;
  private static final int LIVE = 1000;
  private static final int LONG_ENOUGH = 1000;

  private final HybridPolicy policy = new HybridPolicy(THRESHOLD);

  private void pagesComeInWhole(int touchedBytes) {
    for (int i = 0; i < LONG_ENOUGH; i++) {
      policy.paging(touchedBytes, LIVE, true);
    }
  }

  private int filledPagesThatGoByPaging(int of) {
    int paging = 0;
    for (int i = 0; i < of; i++) {
      paging += policy.paging(LIVE, LIVE, false) ? 1 : 0;
    }
    return paging;
  }

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
  void itLearnsThatPagesThatComeInWholeAreHardlyUsed() {
    assertEquals(100, filledPagesThatGoByPaging(100));
    pagesComeInWhole(10);
    assertEquals(2, filledPagesThatGoByPaging(2 * HybridPolicy.TRIAL_EVERY));
  }

  @Test
  void itLearnsThatTheyAreUsedAgain() {
    pagesComeInWhole(10);
    assertFalse(policy.paging(LIVE, LIVE, false));
    pagesComeInWhole(900);
    assertEquals(100, filledPagesThatGoByPaging(100));
  }

  @Test
  void aPageThatIsNotUsedIsNoTrial() {
    pagesComeInWhole(10);
    for (int i = 0; i < LONG_ENOUGH; i++) {
      assertFalse(policy.paging(10, LIVE, false));
    }
    assertEquals(1, filledPagesThatGoByPaging(HybridPolicy.TRIAL_EVERY));
  }

  @Test
  void onePageTellsLittle() {
    policy.paging(0, LIVE, true);
    assertEquals(10, filledPagesThatGoByPaging(10));
  }
}
