package io.farheap.allocator;

import java.util.Arrays;

/** Pure functions over a bitmap of frames: bit {@code f & 63} of word {@code f >> 6} is frame f. */
final class FrameBits {
  private FrameBits() {}

  /** True if the bit of the frame is set. */
  static boolean isSet(long[] words, int frame) {
    return (words[frame >> 6] & (1L << frame)) != 0;
  }

  /** Sets the bits of {@code [from, to)}. */
  static void setRange(long[] words, int from, int to) {
    int frame = from;
    while (frame < to) {
      int end = Math.min(to, (frame | 63) + 1);
      words[frame >> 6] |= mask(frame, end);
      frame = end;
    }
  }

  /** Clears the bits of {@code [from, to)}. */
  static void clearRange(long[] words, int from, int to) {
    int frame = from;
    while (frame < to) {
      int end = Math.min(to, (frame | 63) + 1);
      words[frame >> 6] &= ~mask(frame, end);
      frame = end;
    }
  }

  /** Number of set bits in {@code [from, to)}. */
  static int count(long[] words, int from, int to) {
    int set = 0;
    int frame = from;
    while (frame < to) {
      int end = Math.min(to, (frame | 63) + 1);
      set += Long.bitCount(words[frame >> 6] & mask(frame, end));
      frame = end;
    }
    return set;
  }

  /** Length of the run of set bits that starts at {@code from}, not looking beyond {@code to}. */
  static int runFrom(long[] words, int from, int to) {
    int frame = from;
    while (frame < to) {
      // The zeros that the shift brings in stop the count at the end of the word.
      int ones = Long.numberOfTrailingZeros(~(words[frame >> 6] >>> frame));
      frame += ones;
      if (ones == 0 || (frame & 63) != 0) {
        break;
      }
    }
    return Math.min(frame, to) - from;
  }

  /** Length of the run of set bits that ends before {@code to}, not looking below {@code from}. */
  static int runBefore(long[] words, int from, int to) {
    int frame = to;
    while (frame > from) {
      int last = frame - 1;
      int ones = Long.numberOfLeadingZeros(~(words[last >> 6] << (63 - (last & 63))));
      frame -= ones;
      if (ones == 0 || (frame & 63) != 0) {
        break;
      }
    }
    return to - Math.max(frame, from);
  }

  /** The first set bit in {@code [from, to)}, or {@code to} if there is none. */
  static int nextSet(long[] words, int from, int to) {
    int frame = from;
    while (frame < to) {
      long rest = words[frame >> 6] >>> frame;
      if (rest != 0) {
        return Math.min(to, frame + Long.numberOfTrailingZeros(rest));
      }
      frame = (frame | 63) + 1;
    }
    return to;
  }

  /** A bitmap for {@code frames} frames, all bits clear. */
  static long[] bitmap(int frames) {
    return new long[(int) ((frames + 63L) >>> 6)];
  }

  /** A copy of the words that hold the bits of {@code [from, to)}; {@code from} is word-aligned. */
  static long[] copy(long[] words, int from, int to) {
    return Arrays.copyOfRange(words, from >> 6, (to + 63) >> 6);
  }

  private static long mask(int from, int end) {
    return -1L >>> (64 - (end - from)) << from;
  }
}
