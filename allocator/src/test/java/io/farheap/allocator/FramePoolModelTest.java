package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random steps on a {@link FramePool} and on an array that says of each frame whose it is. */
class FramePoolModelTest {
  private static final int SEEDS = 1_000;
  private static final int STEPS = 250;
  private static final byte FREE = 0;
  private static final byte TAKEN = 1;
  private static final byte HELD = 2;

  @Test
  void thePoolAgreesWithTheModelAfterEachStep() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Run run = new Run(seed);
      for (int step = 0; step < STEPS; step++) {
        try {
          run.step();
          run.check();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("seed " + seed + " step " + step, e);
        }
      }
    }
  }

  private static final class Run {
    private final SplittableRandom random;
    private final int frames;
    private final int reserve;
    private final int fill;
    private final FramePool pool;
    private final byte[] model;
    private FrameIsolation isolation;

    Run(int seed) {
      random = new SplittableRandom(seed);
      frames = 1 + random.nextInt(seed % 4 == 0 ? 40 : 1400);
      reserve = random.nextInt(Math.min(frames, 50));
      fill = random.nextInt(1, 100);
      pool = new FramePool(frames, reserve);
      model = new byte[frames];
    }

    void step() {
      boolean background = random.nextInt(4) == 0;
      int action = random.nextInt(100);
      if (action < 4) {
        toggleIsolation();
      } else if (action < 8) {
        misuse();
      } else if (random.nextInt(100) < fill) {
        take(background);
      } else {
        give();
      }
    }

    private int count(byte state) {
      int count = 0;
      for (byte of : model) {
        count += of == state ? 1 : 0;
      }
      return count;
    }

    private void take(boolean background) {
      int available = count(FREE) - (background ? 0 : reserve);
      if (random.nextBoolean()) {
        int repeat = random.nextInt(1, 60);
        for (int i = 0; i < repeat; i++, available--) {
          int frame = pool.tryTake(background);
          assertEquals(available <= 0, frame < 0, "single");
          if (frame >= 0) {
            checkWindowRule(frame);
            mark(frame, 1, FREE, TAKEN);
          }
        }
      } else {
        int length = 1 + random.nextInt(random.nextBoolean() ? 20 : frames);
        int first = pool.tryTakeRun(length, background);
        assertEquals(available < length || longestRun() < length, first < 0, "run of " + length);
        if (first >= 0) {
          mark(first, length, FREE, TAKEN);
        }
      }
    }

    /** A single frame comes from a wholly free window only if no other has a free frame. */
    private void checkWindowRule(int frame) {
      int chosen = frame / FreeFrames.WINDOW_FRAMES;
      if (freeInWindow(chosen) < sizeOfWindow(chosen)) {
        return;
      }
      for (int window = 0; window * FreeFrames.WINDOW_FRAMES < frames; window++) {
        int free = freeInWindow(window);
        assertTrue(free == 0 || free == sizeOfWindow(window), "window " + window + " was broken");
      }
    }

    private int sizeOfWindow(int window) {
      return Math.min(FreeFrames.WINDOW_FRAMES, frames - window * FreeFrames.WINDOW_FRAMES);
    }

    private int freeInWindow(int window) {
      int first = window * FreeFrames.WINDOW_FRAMES;
      int free = 0;
      for (int frame = first; frame < first + sizeOfWindow(window); frame++) {
        free += model[frame] == FREE ? 1 : 0;
      }
      return free;
    }

    private int longestRun() {
      int longest = 0;
      int run = 0;
      for (byte state : model) {
        run = state == FREE ? run + 1 : 0;
        longest = Math.max(longest, run);
      }
      return longest;
    }

    private void mark(int first, int length, byte from, byte to) {
      for (int frame = first; frame < first + length; frame++) {
        assertEquals(from, model[frame], "frame " + frame);
        model[frame] = to;
      }
    }

    private void give() {
      int repeat = random.nextInt(1, 60);
      for (int i = 0; i < repeat; i++) {
        int frame = random.nextInt(frames);
        if (model[frame] != TAKEN) {
          continue;
        }
        int end = frame + 1;
        if (random.nextInt(8) == 0) {
          while (end < frames && model[end] == TAKEN) {
            end++;
          }
          pool.giveRun(frame, end - frame);
        } else {
          pool.give(frame);
        }
        for (; frame < end; frame++) {
          model[frame] = isolation != null && isolation.contains(frame) ? HELD : FREE;
        }
      }
    }

    private void misuse() {
      int frame = random.nextInt(-2, frames + 2);
      if (frame < 0 || frame >= frames || model[frame] != TAKEN) {
        var thrown = assertThrows(IllegalStateException.class, () -> pool.give(frame));
        assertTrue(thrown.getMessage().startsWith("frame " + frame + " "), thrown.getMessage());
        assertThrows(IllegalStateException.class, () -> pool.giveRun(frame, 1));
      }
    }

    private void toggleIsolation() {
      if (isolation == null) {
        open();
      } else if (isolation.complete()) {
        int first = isolation.takeRun();
        mark(first, isolation.length(), HELD, TAKEN);
        isolation = null;
      } else if (random.nextInt(4) == 0) {
        isolation.cancel();
        for (int frame = 0; frame < frames; frame++) {
          model[frame] = model[frame] == HELD ? FREE : model[frame];
        }
        isolation = null;
      } else {
        isolation.forEachOccupied(
            frame -> {
              mark(frame, 1, TAKEN, HELD);
              pool.give(frame);
            });
      }
    }

    private void open() {
      boolean[] pins = new boolean[frames];
      int share = random.nextInt(40);
      for (int frame = 0; frame < frames; frame++) {
        pins[frame] = model[frame] == TAKEN && random.nextInt(400) < share;
      }
      int length = 1 + random.nextInt(Math.min(frames, 70));
      isolation = pool.isolate(length, frame -> pins[frame]);
      if (isolation == null) {
        int run = 0;
        for (boolean pin : pins) {
          run = pin ? 0 : run + 1;
          assertTrue(run < length, "an isolation of " + length + " was possible");
        }
        return;
      }
      assertEquals(length, isolation.length());
      for (int frame = isolation.first(); frame < isolation.first() + length; frame++) {
        assertFalse(pins[frame], "pinned frame " + frame);
        model[frame] = model[frame] == FREE ? HELD : model[frame];
      }
      assertThrows(IllegalStateException.class, () -> pool.isolate(1, frame -> false));
    }

    void check() {
      pool.checkIntegrity();
      assertEquals(count(FREE), pool.free());
      if (isolation != null) {
        assertEquals(count(HELD) == isolation.length(), isolation.complete());
        byte[] seen = model.clone();
        isolation.forEachOccupied(frame -> seen[frame] = HELD);
        byte[] expected = model.clone();
        Arrays.fill(expected, isolation.first(), isolation.first() + isolation.length(), HELD);
        assertTrue(Arrays.equals(expected, seen), "occupied frames");
      }
    }
  }
}
