package io.farheap.apps.random;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256, 512, 1000, 1024, 2048, 4096, 4097, 8192, 1 << 14,
        1 << 15, 1 << 16
      })
  void everyNumberBecomesOneOfItsOwn(int count) {
    Permutation permutation = new Permutation(count);
    BitSet seen = new BitSet();
    for (int number = 0; number < count; number++) {
      int becomes = permutation.of(number);
      assertTrue(becomes >= 0 && becomes < count, number + " becomes " + becomes);
      assertTrue(!seen.get(becomes), number + " shares " + becomes);
      seen.set(becomes);
    }
  }

  @Test
  void noNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Permutation(0));
  }
}
