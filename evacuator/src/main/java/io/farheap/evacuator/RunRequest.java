package io.farheap.evacuator;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread's wish for a run of neighbouring frames.
 *
 * <pre>
 *   WAITING ──fulfil──► first frame of the run, the requester's
 *      └──────cancel──► CANCELLED
 * </pre>
 */
public final class RunRequest {
  private static final int WAITING = -1;
  private static final int CANCELLED = -2;

  private final int length;
  private final Thread requester = Thread.currentThread();
  private final AtomicInteger firstFrame = new AtomicInteger(WAITING);

  RunRequest(int length) {
    this.length = length;
  }

  /** Frames wanted. */
  public int length() {
    return length;
  }

  /** First frame of the run, or -1 while there is none. */
  public int firstFrame() {
    return Math.max(-1, firstFrame.get());
  }

  /**
   * Gives the wish up.
   *
   * @return false if a run had come already; it is the requester's
   */
  public boolean cancel() {
    return firstFrame.compareAndSet(WAITING, CANCELLED);
  }

  boolean cancelled() {
    return firstFrame.get() == CANCELLED;
  }

  /** Hands a run over; false if the requester gave up. */
  boolean fulfil(int frame) {
    if (!firstFrame.compareAndSet(WAITING, frame)) {
      return false;
    }
    java.util.concurrent.locks.LockSupport.unpark(requester);
    return true;
  }
}
