package io.farheap.jmh.work;

import java.util.Arrays;

/**
 * A cache of whole objects under the CLOCK policy, simulated: the hand clears the mark of an object
 * that was used since it last came by, and throws out one that was not. What a heap misses on the
 * same operations is compared with what this misses.
 *
 * <p>Objects have the sizes that they have in a heap, headers included. One that comes in is used
 * and stands right behind the hand. A new object comes in without a miss.
 */
final class ObjectClock {
  private static final int NONE = -1;
  private static final byte ABSENT = 0;
  private static final byte UNUSED = 1;
  private static final byte USED = 2;

  private final long capacityBytes;
  private final int[] next;
  private final int[] previous;
  private final int[] bytes;
  private final byte[] states;
  private int hand = NONE;
  private long residentBytes;
  private long misses;

  /**
   * Makes an empty cache.
   *
   * @param keys how many objects there may be
   * @param capacityBytes what those that are in may take together
   */
  ObjectClock(int keys, long capacityBytes) {
    this.capacityBytes = capacityBytes;
    this.next = new int[keys];
    this.previous = new int[keys];
    this.bytes = new int[keys];
    this.states = new byte[keys];
    Arrays.fill(next, NONE);
  }

  /** Uses an object; counts a miss and brings it in if it is not there. */
  void use(int key) {
    if (states[key] == ABSENT) {
      misses++;
      bringIn(key);
    } else {
      states[key] = USED;
    }
  }

  /** Puts a new object, in place of the key's old one if there is one. */
  void put(int key, int objectBytes) {
    if (objectBytes > capacityBytes) {
      throw new IllegalArgumentException(
          objectBytes + " bytes don't fit into " + capacityBytes + "; make the cache larger");
    }
    if (states[key] != ABSENT) {
      remove(key);
    }
    bytes[key] = objectBytes;
    bringIn(key);
  }

  boolean contains(int key) {
    return states[key] != ABSENT;
  }

  /** Misses so far. */
  long misses() {
    return misses;
  }

  private void bringIn(int key) {
    while (residentBytes + bytes[key] > capacityBytes) {
      throwOutOne();
    }
    if (hand == NONE) {
      next[key] = key;
      previous[key] = key;
      hand = key;
    } else {
      int before = previous[hand];
      next[before] = key;
      previous[key] = before;
      next[key] = hand;
      previous[hand] = key;
    }
    states[key] = USED;
    residentBytes += bytes[key];
  }

  private void throwOutOne() {
    while (states[hand] == USED) {
      states[hand] = UNUSED;
      hand = next[hand];
    }
    remove(hand);
  }

  private void remove(int key) {
    int after = next[key];
    if (after == key) {
      hand = NONE;
    } else {
      next[previous[key]] = after;
      previous[after] = previous[key];
      if (hand == key) {
        hand = after;
      }
    }
    states[key] = ABSENT;
    residentBytes -= bytes[key];
  }
}
