package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class AllowanceTest {
  private static final long SECOND = 1_000_000_000;

  private final Allowance allowance = new Allowance(100, 10, 5 * SECOND);

  @Test
  void itBeginsFull() {
    assertTrue(allowance.available(5 * SECOND));
    allowance.spend(9);
    assertTrue(allowance.available(5 * SECOND));
    allowance.spend(1);
    assertFalse(allowance.available(5 * SECOND));
  }

  @Test
  void timeFillsItAgain() {
    allowance.spend(10);
    assertFalse(allowance.available(5 * SECOND));
    assertTrue(allowance.available(5 * SECOND + SECOND / 100));
  }

  @Test
  void whatIsOverdrawnIsPaidBackFirst() {
    allowance.spend(60);
    assertFalse(allowance.available(5 * SECOND + SECOND / 2));
    assertTrue(allowance.available(5 * SECOND + SECOND / 2 + SECOND / 100));
  }

  @Test
  void itHoldsNoMoreThanItHolds() {
    assertTrue(allowance.available(1000 * SECOND));
    allowance.spend(10);
    assertFalse(allowance.available(1000 * SECOND));
  }

  @Test
  void manyLooksAddUpToTheSame() {
    allowance.spend(20);
    int looks = 1000;
    for (int i = 1; i < looks; i++) {
      assertFalse(allowance.available(5 * SECOND + SECOND / 10 * i / looks), "look " + i);
    }
    assertTrue(allowance.available(5 * SECOND + SECOND / 10 + SECOND / 1000));
  }

  @Test
  void nothingComesInWithoutARate() {
    Allowance none = new Allowance(0, 1, 0);
    none.spend(1);
    assertFalse(none.available(1000 * SECOND));
  }
}
