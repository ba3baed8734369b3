package io.farheap.apps.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Popularity: how steep, spread over which keys, and for how long. */
class KeyPickerTest {
  private static final int DRAWS = 400_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.99, 1, 1.2, 2.5})
  void ranksComeAsTheSkewSays(double skew) {
    int keys = 1000;
    KeyPicker picker = new KeyPicker(keys, skew, 0, 11);
    int[] counts = new int[keys];
    for (int i = 0; i < DRAWS; i++) {
      counts[picker.rank()]++;
    }
    double sum = 0;
    for (int k = 1; k <= keys; k++) {
      sum += Math.pow(k, -skew);
    }
    for (int rank : new int[] {0, 1, 2, 9, 99}) {
      double want = DRAWS * Math.pow(rank + 1, -skew) / sum;
      // Five standard deviations of a count.
      assertEquals(want, counts[rank], 5 * Math.sqrt(want) + 1, "rank " + rank);
    }
  }

  @Test
  void thePopularChange() {
    int keys = 10_000;
    int life = 50_000;
    KeyPicker picker = new KeyPicker(keys, 1.2, life, 5);
    int before = mostPopular(picker, keys, life / 10);
    for (int i = 0; i < 2 * life; i++) {
      picker.next();
    }
    assertNotEquals(before, mostPopular(picker, keys, life / 10));
    KeyPicker still = new KeyPicker(keys, 1.2, 0, 5);
    int first = mostPopular(still, keys, life / 10);
    for (int i = 0; i < 2 * life; i++) {
      still.next();
    }
    assertEquals(first, mostPopular(still, keys, life / 10));
  }

  private static int mostPopular(KeyPicker picker, int keys, int draws) {
    int[] counts = new int[keys];
    int best = 0;
    for (int i = 0; i < draws; i++) {
      int key = picker.next();
      counts[key]++;
      best = counts[key] > counts[best] ? key : best;
    }
    return best;
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new KeyPicker(0, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new KeyPicker(1, -0.1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new KeyPicker(1, Double.NaN, 0, 1));
  }
}
