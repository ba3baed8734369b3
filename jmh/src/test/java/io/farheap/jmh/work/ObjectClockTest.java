package io.farheap.jmh.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The simulated cache, against cases worked out by hand and a slow list. */
class ObjectClockTest {
  @Test
  void aNewObjectIsNoMissAndAnAbsentOneIs() {
    ObjectClock clock = new ObjectClock(4, 200);
    clock.put(0, 100);
    clock.put(1, 100);
    clock.use(0);
    assertEquals(0, clock.misses());
    clock.put(2, 100); // all were used: the hand comes round and takes the first
    assertFalse(clock.contains(0));
    clock.use(0);
    assertEquals(1, clock.misses());
    assertFalse(clock.contains(1), "1 was next, and not used since the hand cleared it");
    assertTrue(clock.contains(0) && clock.contains(2));
  }

  @Test
  void whatWasUsedSinceTheHandCameByStays() {
    ObjectClock clock = new ObjectClock(5, 300);
    clock.put(0, 100);
    clock.put(1, 100);
    clock.put(2, 100);
    clock.put(3, 100); // clears all, takes 0
    clock.use(1);
    clock.put(4, 100);
    assertTrue(clock.contains(1));
    assertFalse(clock.contains(2));
    assertTrue(clock.contains(3));
  }

  @Test
  void aLargeObjectTakesThePlaceOfSeveral() {
    ObjectClock clock = new ObjectClock(4, 300);
    clock.put(0, 100);
    clock.put(1, 100);
    clock.put(2, 100);
    clock.put(3, 250);
    assertTrue(clock.contains(3));
    assertFalse(clock.contains(0) || clock.contains(1) || clock.contains(2));
    assertThrows(IllegalArgumentException.class, () -> clock.put(0, 301));
  }

  @Test
  void aReplacedObjectGivesItsBytesBack() {
    ObjectClock clock = new ObjectClock(2, 300);
    clock.put(0, 200);
    clock.put(0, 100);
    clock.put(1, 200);
    assertTrue(clock.contains(0) && clock.contains(1));
  }

  @Test
  void doesWhatASlowListDoes() {
    int keys = 50;
    SplittableRandom random = new SplittableRandom(11);
    ObjectClock clock = new ObjectClock(keys, 1000);
    SlowClock slow = new SlowClock(keys, 1000);
    for (int key = 0; key < keys; key++) {
      int size = 10 + random.nextInt(100);
      clock.put(key, size);
      slow.put(key, size);
    }
    for (int step = 0; step < 20_000; step++) {
      int key = Math.min(random.nextInt(keys), random.nextInt(keys));
      if (random.nextInt(10) == 0) {
        int size = 10 + random.nextInt(100);
        clock.put(key, size);
        slow.put(key, size);
      } else {
        clock.use(key);
        slow.use(key);
      }
      assertEquals(slow.misses, clock.misses(), "step " + step);
    }
    assertTrue(clock.misses() > 1000);
  }

  /** The list begins at the hand. */
  private static final class SlowClock {
    private final int capacity;
    private final List<Integer> resident = new ArrayList<>();
    private final int[] sizes;
    private final boolean[] used;
    private long misses;

    SlowClock(int keys, int capacity) {
      this.capacity = capacity;
      this.sizes = new int[keys];
      this.used = new boolean[keys];
    }

    void use(int key) {
      if (!resident.contains(key)) {
        misses++;
        bringIn(key);
      }
      used[key] = true;
    }

    void put(int key, int size) {
      resident.remove(Integer.valueOf(key));
      sizes[key] = size;
      bringIn(key);
    }

    private void bringIn(int key) {
      while (resident.stream().mapToInt(k -> sizes[k]).sum() + sizes[key] > capacity) {
        int first = resident.removeFirst();
        if (used[first]) {
          used[first] = false;
          resident.add(first);
        }
      }
      used[key] = true;
      resident.add(key);
    }
  }
}
