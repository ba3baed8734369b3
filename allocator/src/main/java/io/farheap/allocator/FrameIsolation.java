package io.farheap.allocator;

import java.util.function.IntConsumer;

/**
 * A range of frames that the evictor empties so that it becomes one free run.
 *
 * <pre>
 *   OPEN ── takeRun (every frame is held) ──▶ TAKEN
 *     └──── cancel ──▶ CANCELLED
 * </pre>
 *
 * <p>While it is open, its free frames are held: nobody else gets them, {@link FramePool#free} does
 * not count them, and frames of the range that are given back are held too. The owner empties the
 * frames that {@link #forEachOccupied} names by writing their pages out or moving them to frames
 * outside the range, and gives each back to the pool. A pin may come at any time; then the owner
 * cancels and isolates another range. All methods may be called from any thread.
 */
public final class FrameIsolation {
  private enum State {
    OPEN,
    TAKEN,
    CANCELLED
  }

  private final FramePool pool;
  private final int firstFrame;
  private final int length;

  // Guarded by the pool's lock. Bit i is frame firstFrame + i.
  private final long[] held;
  private int heldCount;
  private State state = State.OPEN;

  FrameIsolation(FramePool pool, int firstFrame, int length) {
    this.pool = pool;
    this.firstFrame = firstFrame;
    this.length = length;
    held = FrameBits.bitmap(length);
  }

  /** First frame of the range. */
  public int first() {
    return firstFrame;
  }

  /** Number of frames in the range. */
  public int length() {
    return length;
  }

  /** True if the frame is in the range. */
  public boolean contains(int frame) {
    return frame >= firstFrame && frame < end();
  }

  /** True if every frame of the range is held, so that the run can be taken. */
  public boolean complete() {
    pool.lock();
    try {
      return heldCount == length;
    } finally {
      pool.unlock();
    }
  }

  /**
   * Takes the whole run out of the isolation, which ends; the frames are given back later by {@link
   * FramePool#giveRun} or one by one.
   *
   * @return the first frame
   * @throws IllegalStateException if the isolation has ended or is not complete
   */
  public int takeRun() {
    pool.lock();
    try {
      if (state != State.OPEN) {
        throw new IllegalStateException(this + " has ended: isolate again");
      }
      if (heldCount != length) {
        throw new IllegalStateException(
            this + " holds only " + heldCount + " frames: empty the others or cancel");
      }
      state = State.TAKEN;
      pool.endIsolation(this, false);
      return firstFrame;
    } finally {
      pool.unlock();
    }
  }

  /** Gives up: the held frames are free again. Does nothing if the isolation has ended. */
  public void cancel() {
    FrameWaiters.Ticket served;
    pool.lock();
    try {
      if (state != State.OPEN) {
        return;
      }
      state = State.CANCELLED;
      pool.endIsolation(this, true);
      served = pool.serveLocked();
    } finally {
      pool.unlock();
    }
    FrameWaiters.wake(served);
  }

  /**
   * Calls the action for each frame of the range that was taken by somebody when this method began,
   * in rising order; the action may give frames back. None if the isolation has ended.
   */
  public void forEachOccupied(IntConsumer action) {
    long[] heldNow;
    pool.lock();
    try {
      if (state != State.OPEN) {
        return;
      }
      heldNow = held.clone();
    } finally {
      pool.unlock();
    }
    for (int i = 0; i < length; i++) {
      if (!FrameBits.isSet(heldNow, i)) {
        action.accept(firstFrame + i);
      }
    }
  }

  int end() {
    return firstFrame + length;
  }

  /** True if the frame is held here; the lock is held. */
  boolean holds(int frame) {
    return contains(frame) && FrameBits.isSet(held, frame - firstFrame);
  }

  /** Holds a frame of the range that is neither free nor held; the lock is held. */
  void hold(int frame) {
    FrameBits.setRange(held, frame - firstFrame, frame - firstFrame + 1);
    heldCount++;
  }

  /** Calls the action for each held frame; the lock is held. */
  void forEachHeld(IntConsumer action) {
    for (int i = FrameBits.nextSet(held, 0, length);
        i < length;
        i = FrameBits.nextSet(held, i + 1, length)) {
      action.accept(firstFrame + i);
    }
  }

  @Override
  public String toString() {
    return "isolation of frames " + firstFrame + " to " + (end() - 1);
  }
}
