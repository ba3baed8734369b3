package io.farheap.apps.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipfSamplerTest {
  private static final int RANKS = 1_000;
  private static final int DRAWS = 400_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.99, 1, 1.5})
  void frequenciesAreThoseOfTheFormula(double skew) {
    ZipfSampler sampler = new ZipfSampler(RANKS, skew);
    SplittableRandom random = new SplittableRandom(42);
    int[] counts = new int[RANKS + 1];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) sampler.next(random::nextDouble)]++;
    }
    double sum = 0;
    for (int rank = 1; rank <= RANKS; rank++) {
      sum += Math.pow(rank, -skew);
    }
    for (int rank = 1; rank <= RANKS; rank++) {
      double expected = DRAWS * Math.pow(rank, -skew) / sum;
      // Six standard deviations of a count that is nearly Poisson.
      assertEquals(expected, counts[rank], 6 * Math.sqrt(expected) + 6, "rank " + rank);
    }
    assertEquals(0, counts[0]);
  }

  @Test
  void ranksStayInRangeWhereverTheyAreMany() {
    ZipfSampler sampler = new ZipfSampler(10_000_000, 0.99);
    SplittableRandom random = new SplittableRandom(1);
    long greatest = 0;
    for (int i = 0; i < 100_000; i++) {
      long rank = sampler.next(random::nextDouble);
      assertTrue(rank >= 1 && rank <= 10_000_000, "rank " + rank);
      greatest = Math.max(greatest, rank);
    }
    assertTrue(greatest > 9_000_000, "greatest " + greatest);
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ZipfSampler(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new ZipfSampler(1, -0.1));
    assertThrows(IllegalArgumentException.class, () -> new ZipfSampler(1, Double.NaN));
  }
}
