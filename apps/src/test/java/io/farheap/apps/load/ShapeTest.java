package io.farheap.apps.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes from text, and the sizes they give. */
class ShapeTest {
  private static final String SIZES = "key 20 1\nvalue 100 1\n";

  static List<String> names() {
    return Shape.names();
  }

  private static Shape read(String text) throws IOException {
    return ShapeReader.read("test", new StringReader(text));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyBuiltInShapeCanBeRead(String name) {
    Shape shape = Shape.find(name);
    assertEquals(name, shape.name());
    assertTrue(shape.keySizes().largestBytes() <= 250);
    assertTrue(shape.valueSizes().meanBytes() > 0);
  }

  @Test
  void everySettingIsTaken() throws IOException {
    Shape shape =
        read(
            "# all\nget 0.25 # a quarter\n\nmultiget 7\n zipf 1.1\nchurn 99\nresize yes\n" + SIZES);
    assertEquals(0.25, shape.getShare());
    assertEquals(7, shape.multiget());
    assertEquals(1.1, shape.skew());
    assertEquals(99, shape.churnOperations());
    assertTrue(shape.resize());
    assertEquals(20, shape.keySizes().meanBytes());
    assertEquals(100, shape.valueSizes().largestBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get",
        "get 2",
        "get x",
        "get 1 2",
        "zipf -1",
        "zipf 4",
        "multiget 0",
        "resize maybe",
        "key 0 1",
        "key 251 1",
        "key 5-4 1",
        "value 5 0",
        "value -5 1",
        "value 1-2-3 1",
        "value 1",
        "value pareto 1 2 3",
        "value gev 1 2 3 4 x",
        "hello 1",
        "churn -1",
        "value 1 NaN"
      })
  void nonsenseIsRefused(String line) {
    assertThrows(IllegalArgumentException.class, () -> read(SIZES + line));
  }

  @Test
  void sizesOfBothAreNeeded() {
    assertThrows(IllegalArgumentException.class, () -> read("key 20 1"));
    assertThrows(IllegalArgumentException.class, () -> read("value 20 1"));
    assertThrows(IllegalArgumentException.class, () -> Shape.find("/no/such/shape"));
  }

  @Test
  void sizesComeAsOftenAsTheirWeights() throws IOException {
    SizeDistribution sizes = read("key 1 1\nvalue 10 3\nvalue 20-29 1\n").valueSizes();
    assertEquals(0.75 * 10 + 0.25 * 24.5, sizes.meanBytes(), 1e-9);
    SplittableRandom random = new SplittableRandom(3);
    int[] counts = new int[30];
    int draws = 100_000;
    for (int i = 0; i < draws; i++) {
      counts[sizes.pick(random.nextLong())]++;
    }
    assertEquals(0.75, (double) counts[10] / draws, 0.01);
    for (int size = 20; size < 30; size++) {
      assertEquals(0.025, (double) counts[size] / draws, 0.003);
    }
  }

  @Test
  void curvesHaveTheirQuantiles() {
    // Of the published distributions: median 15 + 214.476 / 0.348238 * (2^0.348238 - 1) of values
    // above 14 bytes, and of keys 30.7984 + 8.20449 / 0.078688 * (ln(2)^-0.078688 - 1).
    SizeDistribution values =
        new SizeDistribution.Builder().addPareto(15, 214.476, 0.348238, 1_000_000, 1).build();
    SizeDistribution keys =
        new SizeDistribution.Builder().addExtreme(30.7984, 8.20449, 0.078688, 250, 1).build();
    assertEquals(183, median(values), 10);
    assertEquals(34, median(keys), 1);
    assertTrue(values.largestBytes() <= 1_000_000);
    assertTrue(keys.largestBytes() <= 250);
  }

  private static int median(SizeDistribution sizes) {
    SplittableRandom random = new SplittableRandom(5);
    int[] drawn = new int[50_001];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = sizes.pick(random.nextLong());
    }
    Arrays.sort(drawn);
    return drawn[drawn.length / 2];
  }
}
