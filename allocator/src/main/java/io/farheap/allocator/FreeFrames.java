package io.farheap.allocator;

import java.util.Arrays;

/**
 * Which frames are free: a bitmap, with counts and summaries per window of 512 frames (2 MiB).
 *
 * <p>Single frames come from the lowest window that is partly used, so that windows wholly free
 * survive for runs. Runs go to the tightest gap found in the partly used windows, then to a whole
 * window, then across windows. Not thread-safe: {@link FramePool} holds its lock around each call.
 *
 * <p>Rules: {@code windowFree[w]} is exact; w is in {@code partial} if 0 &lt; windowFree &lt;
 * capacity, in {@code whole} if it equals the capacity, else in neither. {@code longest[w]} and
 * {@code groupLongest[g]} (64 windows) are upper bounds of the longest run inside one window: a
 * give raises them, only a search lowers them.
 */
final class FreeFrames {
  /** Frames in a window: 2 MiB of 4 KiB frames, one huge page. */
  static final int WINDOW_FRAMES = 512;

  private static final int WINDOW_SHIFT = Integer.numberOfTrailingZeros(WINDOW_FRAMES);
  private static final int GROUP_SHIFT = 6;

  /** Windows looked into before a search for the tightest gap is content with what it has. */
  private static final int WINDOWS_EXAMINED = 32;

  private final int frames;
  private final int windows;
  private final long[] words;
  private final int[] windowFree;
  private final int[] longest;
  private final int[] groupLongest;
  private final SummaryBits partial;
  private final SummaryBits whole;
  private int free;

  /** All frames free. */
  FreeFrames(int frames) {
    this.frames = frames;
    windows = (frames + WINDOW_FRAMES - 1) >>> WINDOW_SHIFT;
    words = FrameBits.bitmap(windows << WINDOW_SHIFT);
    windowFree = new int[windows];
    longest = new int[windows];
    groupLongest = new int[(windows >>> GROUP_SHIFT) + 1];
    partial = new SummaryBits(windows);
    whole = new SummaryBits(windows);
    giveRange(0, frames);
  }

  /** Number of free frames. */
  int free() {
    return free;
  }

  /** True if the frame is free. */
  boolean isFree(int frame) {
    return FrameBits.isSet(words, frame);
  }

  /** The first free frame in {@code [from, to)}, or {@code to}. */
  int nextFree(int from, int to) {
    return FrameBits.nextSet(words, from, to);
  }

  /** Copies the words of the bitmap from {@code word} on into the same place of {@code target}. */
  void copyWords(long[] target, int word, int count) {
    System.arraycopy(words, word, target, word, count);
  }

  /** Takes one frame; -1 if none is free. */
  int takeOne() {
    int window = partial.first();
    if (window < 0) {
      window = whole.first();
      if (window < 0) {
        return -1;
      }
    }
    int word = window << (WINDOW_SHIFT - 6);
    while (words[word] == 0) {
      word++;
    }
    long bits = words[word];
    words[word] = bits & (bits - 1);
    addFree(window, -1);
    return (word << 6) | Long.numberOfTrailingZeros(bits);
  }

  /** Takes a run of frames; returns its first frame, or -1 if no run is long enough. */
  int takeRun(int length) {
    int first = findRun(length);
    if (first >= 0) {
      takeRange(first, first + length);
    }
    return first;
  }

  /** Takes the frame, which must be free. */
  void take(int frame) {
    words[frame >> 6] &= ~(1L << frame);
    addFree(frame >> WINDOW_SHIFT, -1);
  }

  /** Gives back one frame, which must not be free. */
  void give(int frame) {
    words[frame >> 6] |= 1L << frame;
    int window = frame >> WINDOW_SHIFT;
    addFree(window, 1);
    int start = window << WINDOW_SHIFT;
    int run =
        FrameBits.runBefore(words, start, frame)
            + FrameBits.runFrom(words, frame, start + WINDOW_FRAMES);
    raiseLongest(window, run);
  }

  /** Gives back the frames {@code [from, to)}, none of which may be free. */
  void giveRange(int from, int to) {
    FrameBits.setRange(words, from, to);
    int frame = from;
    while (frame < to) {
      int window = frame >> WINDOW_SHIFT;
      int start = window << WINDOW_SHIFT;
      int end = Math.min(to, start + WINDOW_FRAMES);
      addFree(window, end - frame);
      int run =
          FrameBits.runBefore(words, start, frame)
              + FrameBits.runFrom(words, frame, start + WINDOW_FRAMES);
      raiseLongest(window, run);
      frame = end;
    }
  }

  private void takeRange(int from, int to) {
    FrameBits.clearRange(words, from, to);
    int frame = from;
    while (frame < to) {
      int window = frame >> WINDOW_SHIFT;
      int end = Math.min(to, (window + 1) << WINDOW_SHIFT);
      addFree(window, frame - end);
      frame = end;
    }
  }

  private int findRun(int length) {
    if (length <= WINDOW_FRAMES) {
      int first = findTightest(length);
      if (first >= 0) {
        return first;
      }
      int window = whole.first();
      if (window >= 0 && capacity(window) >= length) {
        return window << WINDOW_SHIFT;
      }
    }
    return findAcross(length);
  }

  /** The tightest gap inside a partly used window, among the first few windows that have one. */
  private int findTightest(int length) {
    int best = -1;
    int bestRun = Integer.MAX_VALUE;
    int examined = 0;
    int window = partial.next(0);
    while (window >= 0) {
      int group = window >> GROUP_SHIFT;
      int nextGroup = (group + 1) << GROUP_SHIFT;
      if (groupLongest[group] < length) {
        window = partial.next(nextGroup);
        continue;
      }
      while (window >= 0 && window < nextGroup) {
        if (longest[window] >= length) {
          int first = tightestIn(window, length);
          if (first >= 0) {
            int run = FrameBits.runFrom(words, first, windowEnd(window));
            if (run < bestRun) {
              best = first;
              bestRun = run;
            }
            examined++;
            if (bestRun == length || examined == WINDOWS_EXAMINED) {
              return best;
            }
          }
        }
        window = partial.next(window + 1);
      }
      lowerGroup(group);
    }
    return best;
  }

  /** The tightest gap in the window, or -1; makes {@code longest} of the window exact. */
  private int tightestIn(int window, int length) {
    int end = windowEnd(window);
    int best = -1;
    int bestRun = Integer.MAX_VALUE;
    int exact = 0;
    int frame = FrameBits.nextSet(words, window << WINDOW_SHIFT, end);
    while (frame < end) {
      int run = FrameBits.runFrom(words, frame, end);
      exact = Math.max(exact, run);
      if (run >= length && run < bestRun) {
        best = frame;
        bestRun = run;
      }
      frame = FrameBits.nextSet(words, frame + run, end);
    }
    longest[window] = exact;
    return best;
  }

  /** The first run that is long enough, joining windows. */
  private int findAcross(int length) {
    int start = -1;
    for (int window = 0; window < windows; window++) {
      int base = window << WINDOW_SHIFT;
      int windowFrames = capacity(window);
      if (windowFree[window] == 0) {
        start = -1;
      } else if (windowFree[window] == windowFrames) {
        start = start < 0 ? base : start;
        if (base + windowFrames - start >= length) {
          return start;
        }
      } else {
        int end = base + windowFrames;
        if (start >= 0 && base - start + FrameBits.runFrom(words, base, end) >= length) {
          return start;
        }
        int tail = FrameBits.runBefore(words, base, end);
        start = tail == 0 ? -1 : end - tail;
      }
    }
    return -1;
  }

  private void addFree(int window, int delta) {
    int before = windowFree[window];
    int after = before + delta;
    int windowFrames = capacity(window);
    windowFree[window] = after;
    free += delta;
    boolean partialBefore = before > 0 && before < windowFrames;
    boolean partialAfter = after > 0 && after < windowFrames;
    if (partialBefore && partialAfter) {
      return;
    }
    if (partialBefore != partialAfter) {
      if (partialAfter) {
        partial.set(window);
      } else {
        partial.clear(window);
      }
    }
    if (before == windowFrames) {
      whole.clear(window);
    } else if (after == windowFrames) {
      whole.set(window);
    }
  }

  private void raiseLongest(int window, int run) {
    if (run > longest[window]) {
      longest[window] = run;
      int group = window >> GROUP_SHIFT;
      groupLongest[group] = Math.max(groupLongest[group], run);
    }
  }

  private void lowerGroup(int group) {
    int exact = 0;
    int end = Math.min(windows, (group + 1) << GROUP_SHIFT);
    for (int window = group << GROUP_SHIFT; window < end; window++) {
      exact = Math.max(exact, longest[window]);
    }
    groupLongest[group] = exact;
  }

  private int capacity(int window) {
    return Math.min(WINDOW_FRAMES, frames - (window << WINDOW_SHIFT));
  }

  private int windowEnd(int window) {
    return (window << WINDOW_SHIFT) + capacity(window);
  }

  /**
   * Recounts everything from the bitmap.
   *
   * @throws IllegalStateException if a count, a summary or a bound is wrong
   */
  void checkIntegrity() {
    partial.checkIntegrity();
    whole.checkIntegrity();
    require(FrameBits.count(words, frames, words.length << 6) == 0, "a bit beyond the last frame");
    require(free == FrameBits.count(words, 0, frames), "free is " + free);
    require(Arrays.stream(windowFree).sum() == free, "window counts do not add up to " + free);
    for (int window = 0; window < windows; window++) {
      int count = FrameBits.count(words, window << WINDOW_SHIFT, windowEnd(window));
      boolean isWhole = count == capacity(window);
      require(windowFree[window] == count, "free count of window " + window);
      require(whole.contains(window) == isWhole, "whole bit of window " + window);
      require(partial.contains(window) == (count > 0 && !isWhole), "partial bit of " + window);
      int bound = longest[window];
      require(bound <= groupLongest[window >> GROUP_SHIFT], "bound of the group of " + window);
      tightestIn(window, WINDOW_FRAMES);
      require(bound >= longest[window], "bound of window " + window + " is " + bound);
      longest[window] = bound;
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("free frames are inconsistent: " + what);
    }
  }
}
