package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link FrameBits} and {@link SummaryBits} against {@link BitSet}. */
class FrameBitsTest {
  private static final int FRAMES = 300;

  @Test
  void everyFunctionAgreesWithBitSet() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] words = FrameBits.bitmap(FRAMES);
      BitSet model = new BitSet();
      for (int step = 0; step < 60; step++) {
        int from = random.nextInt(FRAMES);
        int to = random.nextInt(from, FRAMES + 1);
        if (random.nextInt(3) > 0) {
          FrameBits.setRange(words, from, to);
          model.set(from, to);
        } else {
          FrameBits.clearRange(words, from, to);
          model.clear(from, to);
        }
        compare(words, model, random, "seed " + seed + " step " + step);
      }
    }
  }

  private static void compare(long[] words, BitSet model, SplittableRandom random, String where) {
    assertEquals(model, BitSet.valueOf(words), where);
    int from = random.nextInt(FRAMES);
    int to = random.nextInt(from, FRAMES + 1);
    assertEquals(model.get(from), FrameBits.isSet(words, from), where);
    assertEquals(model.get(from, to).cardinality(), FrameBits.count(words, from, to), where);
    int nextSet = model.nextSetBit(from);
    assertEquals(
        nextSet < 0 ? to : Math.min(to, nextSet), FrameBits.nextSet(words, from, to), where);
    int runEnd = Math.min(to, model.nextClearBit(from));
    assertEquals(runEnd - from, FrameBits.runFrom(words, from, to), where);
    int gap = to == 0 ? -1 : model.previousClearBit(to - 1);
    assertEquals(to - Math.max(from, gap + 1), FrameBits.runBefore(words, from, to), where);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 300_000})
  void aSummaryFindsWhatBitSetFinds(int size) {
    SplittableRandom random = new SplittableRandom(size);
    SummaryBits summary = new SummaryBits(size);
    BitSet model = new BitSet();
    for (int step = 0; step < 3_000; step++) {
      // Few elements, so that words and whole levels become empty again and again.
      int element = random.nextInt(size);
      if (random.nextInt(8) < (model.cardinality() < 10 ? 6 : 1)) {
        summary.set(element);
        model.set(element);
      } else {
        int present = model.nextSetBit(element);
        element = present < 0 ? element : present;
        summary.clear(element);
        model.clear(element);
      }
      String where = "size " + size + " step " + step;
      assertEquals(model.nextSetBit(0), summary.first(), where);
      int from = random.nextInt(size + 1);
      assertEquals(model.nextSetBit(from), summary.next(from), where);
      assertEquals(model.get(element), summary.contains(element), where);
      summary.checkIntegrity();
    }
  }
}
