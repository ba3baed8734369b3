package io.farheap.jmh.zipf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.Handles;
import io.farheap.apps.random.Permutation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What the zipf benchmark reads, and that it notices wrong bytes. */
class ZipfTest {
  private static final int OBJECTS = 1 << 12;
  private static final double THETA = 0.99;

  @Test
  void popularRanksAreDrawnAsOftenAsTheyShould() {
    double zeta = 0;
    for (int k = 1; k <= OBJECTS; k++) {
      zeta += Math.pow(k, -THETA);
    }
    int[] counts = new int[OBJECTS];
    int draws = 1 << 20;
    try (ZipfData data = new ZipfData(OBJECTS, draws)) {
      data.draw(1);
      Arrays.stream(data.picks()).forEach(pick -> counts[pick]++);
    }
    Permutation objectOfRank = new Permutation(OBJECTS);
    for (int rank = 0; rank < 2; rank++) {
      double expected = draws / (zeta * Math.pow(rank + 1, THETA));
      assertEquals(expected, counts[objectOfRank.of(rank)], expected / 20, "rank " + rank);
    }
    double share = 0;
    double drawn = 0;
    for (int rank = 0; rank < OBJECTS / 10; rank++) {
      share += 1 / (zeta * Math.pow(rank + 1, THETA));
      drawn += counts[objectOfRank.of(rank)];
    }
    assertEquals(share, drawn / draws, 0.01);
  }

  @Test
  void theSameSeedDrawsTheSame() {
    try (ZipfData data = new ZipfData(OBJECTS, 100)) {
      data.draw(7);
      int[] one = data.picks().clone();
      data.draw(7);
      assertArrayEquals(one, data.picks());
      data.draw(8);
      assertFalse(Arrays.equals(one, data.picks()));
    }
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
