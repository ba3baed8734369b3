package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@link FreeFrames} takes frames and runs from. */
class FreeFramesTest {
  private static final int WINDOW = FreeFrames.WINDOW_FRAMES;

  @Test
  void everyPatternOfFewFramesGivesItsTightestGap() {
    for (int frames = 1; frames <= 9; frames++) {
      for (int pattern = 0; pattern < 1 << frames; pattern++) {
        for (int length = 1; length <= frames + 1; length++) {
          check(frames, 0, pattern, length);
        }
      }
    }
  }

  @Test
  void everyPatternAroundAWindowBoundaryGivesARunWheneverThereIsOne() {
    int frames = 2 * WINDOW;
    int bits = 8;
    for (int pattern = 0; pattern < 1 << bits; pattern++) {
      for (int length = 1; length <= bits; length++) {
        check(frames, WINDOW - bits / 2, pattern, length);
      }
    }
  }

  /** Frees frame {@code at + i} if bit i of the pattern is set, and no other; then takes a run. */
  private static void check(int frames, int at, int pattern, int length) {
    FreeFrames freeFrames = new FreeFrames(frames);
    assertEquals(0, freeFrames.takeRun(frames));
    boolean[] free = new boolean[frames];
    for (int i = 0; 1 << i <= pattern; i++) {
      if ((pattern & (1 << i)) != 0) {
        freeFrames.give(at + i);
        free[at + i] = true;
      }
    }
    String where =
        frames + " frames, free " + Integer.toBinaryString(pattern) + ", length " + length;
    int gap = tightestGap(free, length);
    int first = freeFrames.takeRun(length);
    assertEquals(gap < 0, first < 0, where);
    if (first >= 0) {
      for (int frame = first; frame < first + length; frame++) {
        assertTrue(free[frame], where + ": frame " + frame + " was not free");
      }
      if (frames < WINDOW && length > 1) {
        assertEquals(gap, gapLength(free, first), where + ": not the tightest gap");
      }
    }
    freeFrames.checkIntegrity();
    assertEquals(Integer.bitCount(pattern) - (first < 0 ? 0 : length), freeFrames.free(), where);
  }

  private static int tightestGap(boolean[] free, int length) {
    int best = -1;
    for (int frame = 0; frame < free.length; frame++) {
      if (free[frame] && (frame == 0 || !free[frame - 1])) {
        int gap = gapLength(free, frame);
        if (gap >= length && (best < 0 || gap < best)) {
          best = gap;
        }
      }
    }
    return best;
  }

  private static int gapLength(boolean[] free, int first) {
    int frame = first;
    while (frame < free.length && free[frame]) {
      frame++;
    }
    return frame - first;
  }

  @Test
  void singleFramesLeaveWholeWindowsAlone() {
    FreeFrames freeFrames = new FreeFrames(8 * WINDOW);
    for (int i = 0; i < 3 * WINDOW + 1; i++) {
      freeFrames.takeOne();
    }
    for (int window = 0; window < 4; window++) {
      assertTrue(freeFrames.takeRun(WINDOW) >= 0, "whole window " + window);
    }
    assertEquals(-1, freeFrames.takeRun(WINDOW));
    assertEquals(WINDOW - 1, freeFrames.free());
  }

  @Test
  void aRunPrefersAPartlyUsedWindowToAWholeOne() {
    FreeFrames freeFrames = new FreeFrames(3 * WINDOW);
    assertEquals(0, freeFrames.takeRun(3 * WINDOW));
    freeFrames.giveRange(WINDOW, 2 * WINDOW);
    freeFrames.giveRange(2 * WINDOW + 7, 2 * WINDOW + 107);
    assertEquals(2 * WINDOW + 7, freeFrames.takeRun(90));
    assertEquals(WINDOW, freeFrames.takeRun(90));
  }

  @ParameterizedTest
  @ValueSource(ints = {WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW, 2 * WINDOW + 3})
  void longRunsJoinWindows(int length) {
    int frames = 3 * WINDOW + 40; // The last window is short.
    FreeFrames freeFrames = new FreeFrames(frames);
    assertEquals(0, freeFrames.takeRun(frames));
    int first = frames - length;
    freeFrames.giveRange(first, frames);
    freeFrames.checkIntegrity();
    assertEquals(-1, freeFrames.takeRun(length + 1));
    assertEquals(first, freeFrames.takeRun(length));
    assertEquals(0, freeFrames.free());
    freeFrames.checkIntegrity();
  }

  @Test
  void aRunIsFoundAmongManyWindowsAfterSearchesThatFailed() {
    // More windows than one group of bounds, all with small gaps, one of them with a larger gap.
    int windows = 200;
    FreeFrames freeFrames = new FreeFrames(windows * WINDOW);
    assertEquals(0, freeFrames.takeRun(windows * WINDOW));
    for (int frame = 0; frame < windows * WINDOW; frame += 2) {
      freeFrames.give(frame);
    }
    for (int window = 0; window < windows; window += 13) {
      assertEquals(-1, freeFrames.takeRun(2));
      int odd = window * WINDOW + 101;
      freeFrames.give(odd);
      freeFrames.checkIntegrity();
      assertEquals(odd - 1, freeFrames.takeRun(3), "window " + window);
    }
    int[] singles = new int[freeFrames.free()];
    Arrays.setAll(singles, i -> freeFrames.takeOne());
    assertEquals(singles.length, Arrays.stream(singles).distinct().count());
    assertEquals(-1, freeFrames.takeOne());
    freeFrames.checkIntegrity();
  }
}
