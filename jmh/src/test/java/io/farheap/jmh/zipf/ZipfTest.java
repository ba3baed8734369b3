package io.farheap.jmh.zipf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.Handles;
import io.farheap.jmh.work.ZipfSampler;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** What the zipf benchmark reads, and that it notices wrong bytes. */
class ZipfTest {
  private static final int OBJECTS = 1 << 12;
  private static final double THETA = 0.99;

  @Test
  void everyRankHasAnObjectOfItsOwn() {
    for (int bits = 2; bits <= 16; bits++) {
      ZipfSampler sampler = new ZipfSampler(1 << bits, THETA);
      BitSet seen = new BitSet();
      for (int rank = 0; rank < 1 << bits; rank++) {
        int object = sampler.scatter(rank);
        assertTrue(object >= 0 && object < 1 << bits, "rank " + rank + " gives " + object);
        assertFalse(seen.get(object), "rank " + rank + " shares " + object);
        seen.set(object);
      }
    }
  }

  @Test
  void popularRanksAreDrawnAsOftenAsTheyShould() {
    ZipfSampler sampler = new ZipfSampler(OBJECTS, THETA);
    double zeta = 0;
    for (int k = 1; k <= OBJECTS; k++) {
      zeta += Math.pow(k, -THETA);
    }
    int[] picks = new int[1 << 20];
    sampler.fill(picks, 1);
    int[] counts = new int[OBJECTS];
    Arrays.stream(picks).forEach(pick -> counts[pick]++);
    for (int rank = 0; rank < 2; rank++) {
      double expected = picks.length / (zeta * Math.pow(rank + 1, THETA));
      assertEquals(expected, counts[sampler.scatter(rank)], expected / 20, "rank " + rank);
    }
    // Gray's approximation is not exact for single ranks further on, but it is for groups.
    double share = 0;
    double drawn = 0;
    for (int rank = 0; rank < OBJECTS / 10; rank++) {
      share += 1 / (zeta * Math.pow(rank + 1, THETA));
      drawn += counts[sampler.scatter(rank)];
    }
    assertEquals(share, drawn / picks.length, 0.02);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    ZipfSampler sampler = new ZipfSampler(OBJECTS, THETA);
    int[] one = new int[100];
    int[] two = new int[100];
    sampler.fill(one, 7);
    sampler.fill(two, 7);
    assertArrayEquals(one, two);
    sampler.fill(two, 8);
    assertFalse(Arrays.equals(one, two));
  }

  @Test
  void wordsAddUpAndDifferFromOtherObjects() {
    long[] words = new long[ZipfItem.WORDS];
    long[] others = new long[ZipfItem.WORDS];
    for (int i = 0; i < OBJECTS; i++) {
      ZipfItem.fill(words, i);
      assertEquals(ZipfItem.sum(i), Arrays.stream(words).sum());
      ZipfItem.fill(others, i + 1);
      for (int k = 0; k < words.length; k++) {
        assertTrue(words[k] != others[k], "word " + k + " of " + i);
      }
    }
  }

  @Test
  void everyWrongWordIsNoticed() {
    int[] picks = {3, 4, 5};
    try (ZipfTable.Far table = new ZipfTable.Far(64, 100)) {
      Handles access = table.heap().handles();
      long handle = table.handles[4];
      for (int k = 0; k < ZipfItem.WORDS; k++) {
        ZipfJmh.readAll(table, picks);
        long offset = (long) k * Long.BYTES;
        long right = access.getLong(handle, offset);
        access.setLong(handle, offset, right + 1);
        assertThrows(IllegalStateException.class, () -> ZipfJmh.readAll(table, picks), "" + k);
        access.setLong(handle, offset, right);
      }
    }
  }

  @Test
  void plainMemoryReadsTheSame() {
    try (ZipfTable.Raw table = new ZipfTable.Raw(OBJECTS)) {
      int[] all = new int[OBJECTS];
      Arrays.setAll(all, i -> i);
      ZipfJmh.readAll(table, all);
    }
  }
}
