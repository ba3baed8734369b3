package io.farheap.allocator;

import java.util.Arrays;

/**
 * A set of small integers as a pyramid of bitmaps: a bit of a level says that the word below it is
 * not zero. Every operation touches one word a level, so the smallest element of 131,072 is found
 * in three steps. Not thread-safe.
 */
final class SummaryBits {
  private final long[][] levels;

  /**
   * Makes the empty set.
   *
   * @param size elements are 0 … size − 1
   */
  SummaryBits(int size) {
    int height = 1;
    for (int words = wordsFor(size); words > 1; words = wordsFor(words)) {
      height++;
    }
    levels = new long[height][];
    int bits = size;
    for (int level = 0; level < height; level++) {
      levels[level] = new long[wordsFor(bits)];
      bits = levels[level].length;
    }
  }

  private static int wordsFor(int bits) {
    return Math.max(1, (bits + 63) >>> 6);
  }

  /** Adds an element. */
  void set(int element) {
    int index = element;
    for (long[] level : levels) {
      long before = level[index >> 6];
      level[index >> 6] = before | (1L << index);
      if (before != 0) {
        return;
      }
      index >>= 6;
    }
  }

  /** Removes an element. */
  void clear(int element) {
    int index = element;
    for (long[] level : levels) {
      long after = level[index >> 6] & ~(1L << index);
      level[index >> 6] = after;
      if (after != 0) {
        return;
      }
      index >>= 6;
    }
  }

  /** True if the element is in the set. */
  boolean contains(int element) {
    return FrameBits.isSet(levels[0], element);
  }

  /** The smallest element, or -1 if the set is empty. */
  int first() {
    int index = 0;
    for (int level = levels.length - 1; level >= 0; level--) {
      long word = levels[level][index];
      if (word == 0) {
        return -1;
      }
      index = (index << 6) | Long.numberOfTrailingZeros(word);
    }
    return index;
  }

  /** The smallest element that is {@code from} or larger, or -1. */
  int next(int from) {
    int index = from;
    for (int level = 0; level < levels.length; level++) {
      if (index >> 6 >= levels[level].length) {
        return -1;
      }
      long rest = levels[level][index >> 6] & (-1L << index);
      if (rest != 0) {
        index = (index & ~63) | Long.numberOfTrailingZeros(rest);
        for (int below = level - 1; below >= 0; below--) {
          index = (index << 6) | Long.numberOfTrailingZeros(levels[below][index]);
        }
        return index;
      }
      index = (index >> 6) + 1;
    }
    return -1;
  }

  /**
   * Recomputes every level above the lowest and compares.
   *
   * @throws IllegalStateException if a summary bit is wrong
   */
  void checkIntegrity() {
    for (int level = 1; level < levels.length; level++) {
      long[] expected = new long[levels[level].length];
      for (int word = 0; word < levels[level - 1].length; word++) {
        if (levels[level - 1][word] != 0) {
          expected[word >> 6] |= 1L << word;
        }
      }
      if (!Arrays.equals(expected, levels[level])) {
        throw new IllegalStateException("summary level " + level + " does not match the one below");
      }
    }
  }
}
