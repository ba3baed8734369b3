package io.farheap.base.agent;

import java.util.concurrent.locks.LockSupport;

/**
 * The stages of waiting for another thread's progress: spin a little, then let others run, then
 * sleep in small steps. Spinning on alone would starve the thread waited for on a machine with few
 * cores.
 */
public final class Backoff {
  private static final int SPINS = 64;
  private static final int YIELDS = 64;
  private static final long PARK_NANOS = 50_000;

  private int rounds;

  /** Waits a little, longer each time. */
  @SuppressWarnings("ThreadPriorityCheck") // a stage of waiting, not a means of order
  public void pause() {
    rounds++;
    if (rounds <= SPINS) {
      Thread.onSpinWait();
    } else if (rounds <= SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(this, PARK_NANOS);
    }
  }

  /** There was progress: start over. */
  public void reset() {
    rounds = 0;
  }
}
