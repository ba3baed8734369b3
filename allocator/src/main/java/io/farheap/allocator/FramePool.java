package io.farheap.allocator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * Hands out the frames of the local budget by number, 0 … frames − 1; the memory behind them is
 * elsewhere.
 *
 * <p>A frame is free, held for the one {@link FrameIsolation}, or taken: by whom is the caller's
 * business (the page-table word that names it). The last frames, the reserve, go only to eviction
 * and evacuation, so that these can always make progress.
 *
 * <p>Everything is guarded by one lock with short critical sections, so a release of a frame and
 * the registration of a waiter are ordered: no wake-up is lost. Waiting threads are served by the
 * thread that gives, in the order in which they came, before the lock is let go: nobody overtakes.
 */
public final class FramePool {
  private static final VarHandle VISIBLE_FREE;

  static {
    try {
      VISIBLE_FREE =
          MethodHandles.lookup().findVarHandle(FramePool.class, "visibleFree", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int frames;
  private final int reserve;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final FreeFrames freeFrames;
  private final FrameWaiters waiters = new FrameWaiters();
  private FrameIsolation isolation;

  /** A copy of {@code freeFrames.free()}; written under the lock, read by anyone (opaque). */
  @SuppressWarnings("unused") // through VISIBLE_FREE
  private int visibleFree;

  /**
   * A pool whose frames are all free.
   *
   * @param frames number of frames, 1 … {@link PageWord#MAX_FRAMES}
   * @param reserveFrames how many of them only background work may take, 0 … frames − 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  public FramePool(int frames, int reserveFrames) {
    if (frames < 1 || frames > PageWord.MAX_FRAMES) {
      throw new IllegalArgumentException(
          "a frame pool of " + frames + " frames: choose 1 to " + PageWord.MAX_FRAMES);
    }
    if (reserveFrames < 0 || reserveFrames >= frames) {
      throw new IllegalArgumentException(
          "a reserve of " + reserveFrames + " in " + frames + " frames: choose fewer than all");
    }
    this.frames = frames;
    this.reserve = reserveFrames;
    freeFrames = new FreeFrames(frames);
    publishFree();
  }

  /** Number of frames in the pool. */
  public int frames() {
    return frames;
  }

  /** Number of free frames, the reserve among them, held ones not; may be out of date. */
  public int free() {
    return (int) VISIBLE_FREE.getOpaque(this);
  }

  /** Number of frames that only background work may take. */
  public int reserve() {
    return reserve;
  }

  /**
   * Takes a frame.
   *
   * @param background true for eviction and evacuation, which may use the reserve
   * @return the frame, or -1 if none is free for this caller
   */
  public int tryTake(boolean background) {
    if (free() <= (background ? 0 : reserve)) {
      return -1; // Keeps starved callers off the lock that the giver needs.
    }
    lock();
    try {
      return takeLocked(background ? 0 : reserve);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes contiguous frames.
   *
   * @param length number of frames, at least 1
   * @param background true for eviction and evacuation, which may use the reserve
   * @return the first frame, or -1 if no free run is long enough for this caller
   * @throws IllegalArgumentException if the length is not positive
   */
  public int tryTakeRun(int length, boolean background) {
    checkLength(length);
    if (length == 1) {
      return tryTake(background);
    }
    int keep = background ? 0 : reserve;
    if (free() - keep < length) {
      return -1;
    }
    lock();
    try {
      if (freeFrames.free() - keep < length) {
        return -1;
      }
      int firstFrame = freeFrames.takeRun(length);
      publishFree();
      return firstFrame;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a frame back.
   *
   * @throws IllegalStateException if the frame is not taken or not one of this pool
   */
  public void give(int frame) {
    FrameWaiters.Ticket served = null;
    lock();
    try {
      checkTaken(frame);
      if (isolation != null && isolation.contains(frame)) {
        isolation.hold(frame);
      } else {
        freeFrames.give(frame);
        served = serveLocked();
      }
    } finally {
      lock.unlock();
    }
    FrameWaiters.wake(served);
  }

  /**
   * Gives contiguous frames back.
   *
   * @throws IllegalStateException if one of them is not taken or not one of this pool; then none is
   *     given
   * @throws IllegalArgumentException if the length is not positive
   */
  public void giveRun(int firstFrame, int length) {
    checkLength(length);
    FrameWaiters.Ticket served;
    lock();
    try {
      for (int i = 0; i < length; i++) {
        checkTaken(firstFrame + i);
      }
      int end = firstFrame + length;
      if (isolation == null || end <= isolation.first() || firstFrame >= isolation.end()) {
        freeFrames.giveRange(firstFrame, end);
      } else {
        for (int frame = firstFrame; frame < end; frame++) {
          if (isolation.contains(frame)) {
            isolation.hold(frame);
          } else {
            freeFrames.give(frame);
          }
        }
      }
      served = serveLocked();
    } finally {
      lock.unlock();
    }
    FrameWaiters.wake(served);
  }

  /**
   * Takes a frame as ordinary work, waiting for one. Waiters are served in their order. An
   * interrupt does not end the wait; the thread's interrupt flag survives.
   *
   * @param deadlineNanos time of the clock at which to give up
   * @param clock nanoseconds, as from {@link System#nanoTime}
   * @return the frame, or -1 if the deadline passed
   */
  public int awaitTake(long deadlineNanos, LongSupplier clock) {
    FrameWaiters.Ticket ticket;
    lock();
    try {
      int frame = takeLocked(reserve);
      if (frame >= 0) {
        return frame;
      }
      ticket = waiters.enter();
    } finally {
      lock.unlock();
    }
    return awaitServed(ticket, deadlineNanos, clock) ? ticket.frame() : -1;
  }

  /** Number of threads that wait for frames; may be out of date. */
  public int waiting() {
    return waiters.size();
  }

  /**
   * Begins to empty a range so that a run becomes free: picks {@code length} frames of which none
   * is pinned and as few as possible are taken. Its free frames are held for it from now on, and
   * frames of the range that are given back go to it.
   *
   * @param length number of frames, at least 1
   * @param pinned says which taken frames cannot be emptied; called without the pool's lock, so its
   *     answer may have changed when this returns
   * @return the isolation, or null if every range of that length has a pinned frame
   * @throws IllegalStateException if there is an isolation already
   */
  public FrameIsolation isolate(int length, IntPredicate pinned) {
    checkLength(length);
    if (length > frames) {
      return null;
    }
    int firstFrame = new IsolationChoice(freeWords(), frames, length, pinned).choose();
    if (firstFrame < 0) {
      return null;
    }
    lock();
    try {
      if (isolation != null) {
        throw new IllegalStateException(
            isolation + " is still open: take its run or cancel it before isolating another");
      }
      FrameIsolation opened = new FrameIsolation(this, firstFrame, length);
      int end = firstFrame + length;
      for (int f = freeFrames.nextFree(firstFrame, end); f < end; f = freeFrames.nextFree(f, end)) {
        freeFrames.take(f);
        opened.hold(f);
      }
      publishFree();
      isolation = opened;
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the isolation; its held frames are taken from now on or, if so asked, free again. */
  void endIsolation(FrameIsolation ended, boolean release) {
    if (!lock.isHeldByCurrentThread() || ended != isolation) {
      throw new IllegalStateException(ended + " is not the open isolation of this pool");
    }
    isolation = null;
    if (release) {
      ended.forEachHeld(freeFrames::give);
    }
  }

  /** Serves whom it can and publishes the count of free frames; the lock is held. */
  FrameWaiters.Ticket serveLocked() {
    FrameWaiters.Ticket served = waiters.isEmpty() ? null : waiters.serve(freeFrames, reserve);
    publishFree();
    return served;
  }

  /** The lock is tried a few times before the thread parks: the sections are that short. */
  void lock() {
    for (int attempt = 0; attempt < 32; attempt++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** Lets the lock go. */
  void unlock() {
    lock.unlock();
  }

  private int takeLocked(int keep) {
    if (freeFrames.free() <= keep) {
      return -1;
    }
    int frame = freeFrames.takeOne();
    publishFree();
    return frame;
  }

  private boolean awaitServed(FrameWaiters.Ticket ticket, long deadlineNanos, LongSupplier clock) {
    boolean served = false;
    try {
      served = ticket.park(deadlineNanos, clock) || !leave(ticket);
      return served;
    } finally {
      if (!served && !leave(ticket) && ticket.frame() >= 0) {
        give(ticket.frame()); // The clock threw: the frame must not be lost.
      }
    }
  }

  private boolean leave(FrameWaiters.Ticket ticket) {
    lock();
    try {
      return waiters.leave(ticket);
    } finally {
      lock.unlock();
    }
  }

  /** Copies the bitmap piece by piece, so that nobody waits long for the lock. */
  private long[] freeWords() {
    long[] copy = FrameBits.bitmap(frames);
    int piece = 1 << 10;
    for (int word = 0; word < copy.length; word += piece) {
      lock();
      try {
        freeFrames.copyWords(copy, word, Math.min(piece, copy.length - word));
      } finally {
        lock.unlock();
      }
    }
    return copy;
  }

  private void publishFree() {
    VISIBLE_FREE.setOpaque(this, freeFrames.free());
  }

  private void checkTaken(int frame) {
    if (frame < 0 || frame >= frames) {
      throw new IllegalStateException(
          "frame " + frame + " is given to a pool of frames 0 to " + (frames - 1));
    }
    if (freeFrames.isFree(frame)) {
      throw new IllegalStateException("frame " + frame + " is given twice: it is free already");
    }
    if (isolation != null && isolation.holds(frame)) {
      throw new IllegalStateException(
          "frame " + frame + " is given twice: " + isolation + " has it");
    }
  }

  private static void checkLength(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a run of " + length + " frames: ask for at least one");
    }
  }

  /**
   * Recounts everything.
   *
   * @throws IllegalStateException if a count or summary is wrong, or a waiter should have been
   *     served
   */
  void checkIntegrity() {
    lock();
    try {
      freeFrames.checkIntegrity();
      if (free() != freeFrames.free()) {
        throw new IllegalStateException("published " + free() + " of " + freeFrames.free());
      }
      waiters.checkIntegrity(freeFrames.free() - reserve);
      if (isolation != null) {
        isolation.forEachHeld(
            frame -> {
              if (freeFrames.isFree(frame)) {
                throw new IllegalStateException("frame " + frame + " is both free and held");
              }
            });
      }
    } finally {
      lock.unlock();
    }
  }
}
