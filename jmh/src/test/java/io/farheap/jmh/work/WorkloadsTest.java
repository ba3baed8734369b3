package io.farheap.jmh.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.FarHeap;
import io.farheap.Handles;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the workloads ask for, and that their objects are verified. */
class WorkloadsTest {
  private static final int KEYS = 1 << 12;
  private static final int WINDOW = 1 << 10;

  static List<Supplier<Workload>> workloads() {
    return List.of(
        () -> new SkewedChurn(KEYS, WINDOW, 5, 1),
        () -> new UniformReads(KEYS, WINDOW, 1),
        () -> new Scan(KEYS, WINDOW),
        () -> new Phases(KEYS, 4, 1));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void equalParametersGiveEqualOperationsOnKeysThatExist(Supplier<Workload> start) {
    Workload one = start.get();
    Workload other = start.get();
    int[] ofOne = new int[one.operationsInWindow()];
    int[] ofOther = new int[one.operationsInWindow()];
    for (int window = 0; window < 2 * one.windowsInPeriod(); window++) {
      one.next(ofOne);
      other.next(ofOther);
      assertArrayEquals(ofOne, ofOther, one.name());
      for (int operation : ofOne) {
        int key = Operations.key(operation);
        assertTrue(key >= 0 && key < one.keys(), "key " + key);
        assertTrue(Operations.kind(operation) <= Operations.REPLACE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void sizesAreWholeWordsAndDifferByGeneration(Supplier<Workload> start) {
    Workload workload = start.get();
    int different = 0;
    for (int key = 0; key < KEYS; key++) {
      assertEquals(0, workload.bytes(key, 0) % Long.BYTES);
      assertTrue(workload.bytes(key, 0) >= 64 && workload.bytes(key, 0) <= 768);
      different += workload.bytes(key, 0) != workload.bytes(key, 1) ? 1 : 0;
    }
    assertTrue(different > KEYS / 2, different + " sizes changed");
  }

  @Test
  void uniformSizesHaveTheMeanInTheMiddle() {
    double sum = 0;
    for (int key = 0; key < KEYS; key++) {
      sum += ObjectSizes.uniform(key, 3, 64, 448);
    }
    assertEquals(256, sum / KEYS, 8);
  }

  @Test
  void logarithmicSizesHaveAsManyInEveryDoubling() {
    int[] counts = new int[6];
    for (int key = 0; key < KEYS; key++) {
      int bytes = ObjectSizes.logUniform(key, 0, 64, 4096);
      assertTrue(bytes >= 64 && bytes <= 4096, "" + bytes);
      counts[Math.min(5, 63 - Long.numberOfLeadingZeros(bytes / 64))]++;
    }
    for (int count : counts) {
      assertEquals(KEYS / 6.0, count, KEYS / 30.0, Arrays.toString(counts));
    }
  }

  @Test
  void theHotSetOfChurnMovesSlowly() {
    SkewedChurn churn = new SkewedChurn(KEYS, 1 << 16, 5, 1);
    int[] operations = new int[1 << 16];
    int[] first = hottest(churn, operations);
    int[] second = hottest(churn, operations);
    assertTrue(common(first, second) >= 90, "of 100 stayed " + common(first, second));
    for (int window = 0; window < 200; window++) {
      churn.next(operations);
    }
    int[] late = hottest(churn, operations);
    assertTrue(common(first, late) <= 60, "of 100 stayed " + common(first, late));
  }

  /** The 100 keys that a window uses most often. */
  private static int[] hottest(Workload workload, int[] operations) {
    workload.next(operations);
    long[] counts = new long[workload.keys()];
    for (int operation : operations) {
      counts[Operations.key(operation)]++;
    }
    for (int key = 0; key < counts.length; key++) {
      counts[key] = counts[key] << 32 | key;
    }
    Arrays.sort(counts);
    int[] keys = new int[100];
    Arrays.setAll(keys, i -> (int) counts[counts.length - 1 - i]);
    return keys;
  }

  private static long common(int[] one, int[] other) {
    return Arrays.stream(one).filter(k -> Arrays.stream(other).anyMatch(o -> o == k)).count();
  }

  @Test
  void phasesInsertEveryKeyOnceAndThenPassOverThemInOrder() {
    Phases phases = new Phases(KEYS, 4, 1);
    int[] operations = new int[phases.operationsInWindow()];
    boolean[] inserted = new boolean[KEYS];
    for (int window = 0; window < 4; window++) {
      phases.next(operations);
      for (int operation : operations) {
        assertEquals(Operations.REPLACE, Operations.kind(operation));
        assertTrue(!inserted[Operations.key(operation)]);
        inserted[Operations.key(operation)] = true;
      }
    }
    for (int window = 4; window < phases.windowsInPeriod(); window++) {
      phases.next(operations);
      for (int i = 0; i < operations.length; i++) {
        int key = (window % 4) * operations.length + i;
        assertEquals(Operations.of(Operations.READ, key), operations[i]);
      }
    }
    phases.next(operations);
    assertEquals(Operations.REPLACE, Operations.kind(operations[0]));
    assertThrows(IllegalArgumentException.class, () -> new Phases(KEYS, 3, 1));
    assertThrows(IllegalArgumentException.class, () -> new Scan(KEYS, 3));
  }

  @Test
  void everyWrongWordIsNoticedAlsoAfterUpdatesAndReplacements() {
    SkewedChurn churn = new SkewedChurn(64, WINDOW, 30, 1);
    FarHeap heap =
        FarHeap.open(
            FarHeaps.options(KeyedObjects.footprintBytes(churn), 100, 4, FarHeaps.NEAR).build());
    try (KeyedObjects objects = new KeyedObjects(heap, churn)) {
      objects.fill();
      int[] operations = new int[WINDOW];
      churn.next(operations);
      objects.play(operations);
      Handles access = heap.handles();
      for (int key = 0; key < churn.keys(); key++) {
        int[] read = {Operations.of(Operations.READ, key)};
        long handle = objects.handle(key);
        for (long offset = 0; offset < access.lengthBytes(handle); offset += Long.BYTES) {
          long right = access.getLong(handle, offset);
          access.setLong(handle, offset, right ^ 1);
          assertThrows(IllegalStateException.class, () -> objects.play(read));
          access.setLong(handle, offset, right);
        }
        objects.play(read);
      }
    }
  }
}
