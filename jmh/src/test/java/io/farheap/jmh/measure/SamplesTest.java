package io.farheap.jmh.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Medians of rounds. */
class SamplesTest {
  private static Samples of(double[] ours, double[] raw) {
    Samples samples = new Samples(ours.length);
    for (int round = 0; round < ours.length; round++) {
      samples.put("ours", round, ours[round]);
      samples.put("raw", round, raw[round]);
    }
    return samples;
  }

  @Test
  void ratiosAreTakenWithinARound() {
    // The machine was busy in rounds 1 and 2; the ratio of medians would be 9 / 3.
    Samples samples = of(new double[] {2, 20, 9}, new double[] {1, 10, 3});
    assertEquals(2, samples.medianRatio("ours", "raw"));
    assertEquals(9, samples.median("ours"));
    assertEquals(3, samples.median("raw"));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertEquals(2.5, Samples.median(4, 1, 3, 2));
  }

  @Test
  void everyOtherRoundGoesBackwards() {
    assertEquals(List.of("a", "b"), Samples.order(List.of("a", "b"), 0));
    assertEquals(List.of("b", "a"), Samples.order(List.of("a", "b"), 1));
  }

  @Test
  void roundsOfOthersAreKept() {
    Samples all = new Samples(4);
    all.putAll("ours", 0, of(new double[] {1, 2}, new double[] {1, 1}));
    all.putAll("ours", 2, of(new double[] {5, 6}, new double[] {1, 1}));
    assertEquals(3.5, all.median("ours"));
  }

  @Test
  void whatWasNotMeasuredIsRefused() {
    Samples samples = of(new double[] {1}, new double[] {1});
    assertThrows(IllegalArgumentException.class, () -> samples.median("theirs"));
  }
}
