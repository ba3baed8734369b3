package io.farheap.allocator;

import java.util.function.IntPredicate;

/**
 * Chooses the range of frames that is cheapest to empty: no frame pinned, as few as possible taken.
 *
 * <p>Aligned ranges are tried first, because they are few and leave no fragments; when each has a
 * pinned frame, every range is tried, so one is found whenever there is one. Works on a copy of the
 * bitmap: the answer is a guess that the owner of the isolation has to live with.
 */
final class IsolationChoice {
  private final long[] freeWords;
  private final int frames;
  private final int length;
  private final IntPredicate pinned;
  private int best = -1;
  private int bestTaken = Integer.MAX_VALUE;

  /**
   * A choice to be made.
   *
   * @param freeWords bitmap of the free frames
   * @param frames number of frames in it
   * @param length number of frames wanted
   * @param pinned says which taken frames cannot be emptied
   */
  IsolationChoice(long[] freeWords, int frames, int length, IntPredicate pinned) {
    this.freeWords = freeWords;
    this.frames = frames;
    this.length = length;
    this.pinned = pinned;
  }

  /** The first frame of the range, or -1 if there is none without a pinned frame. */
  int choose() {
    int step = Math.min(64, Integer.highestOneBit(2 * length - 1));
    for (int first = 0; first <= frames - length && bestTaken > 0; first += step) {
      consider(first);
    }
    if (best < 0 && step > 1) {
      considerAll();
    }
    return best;
  }

  private void consider(int first) {
    int taken = length - FrameBits.count(freeWords, first, first + length);
    if (taken >= bestTaken) {
      return;
    }
    for (int frame = first; frame < first + length; frame++) {
      if (isPinned(frame)) {
        return;
      }
    }
    best = first;
    bestTaken = taken;
  }

  /** Slides the range over all frames one by one, asking once for each whether it is pinned. */
  private void considerAll() {
    int start = 0;
    int taken = 0;
    for (int frame = 0; frame < frames; frame++) {
      if (isPinned(frame)) {
        start = frame + 1;
        taken = 0;
        continue;
      }
      taken += isTaken(frame) ? 1 : 0;
      if (frame - start + 1 < length) {
        continue;
      }
      if (taken < bestTaken) {
        best = start;
        bestTaken = taken;
      }
      taken -= isTaken(start) ? 1 : 0;
      start++;
    }
  }

  private boolean isTaken(int frame) {
    return !FrameBits.isSet(freeWords, frame);
  }

  private boolean isPinned(int frame) {
    return isTaken(frame) && pinned.test(frame);
  }
}
