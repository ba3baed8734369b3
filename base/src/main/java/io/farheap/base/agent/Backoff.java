package io.farheap.base.agent;

import java.util.concurrent.locks.LockSupport;

/**
 * The stages of waiting for what another thread does: spin a little, then let others run, then
 * sleep in small steps. Spinning on alone would starve the thread waited for on a machine with few
 * cores.
 */
public final class Backoff {
  private static final int SPINS = 64;
  private static final int YIELDS = 64;
  private static final long PARK_NANOS = 50_000;

  private final int spins;
  private final int yields;
  private int rounds;

  /** For a wait that ends as soon as another thread gets on. */
  public Backoff() {
    this(SPINS, YIELDS);
  }

  /** With so many rounds of each stage that does not sleep. */
  Backoff(int spins, int yields) {
    this.spins = spins;
    this.yields = yields;
  }

  /** Waits a little, longer each time. */
  public void pause() {
    if (!pauseAwake()) {
      LockSupport.parkNanos(this, PARK_NANOS);
    }
  }

  /**
   * Waits a little without sleeping.
   *
   * @return false if it did not wait, because it is time to sleep
   */
  @SuppressWarnings("ThreadPriorityCheck") // a stage of waiting, not a means of order
  boolean pauseAwake() {
    if (rounds >= spins + yields) {
      return false;
    }
    rounds++;
    if (rounds <= spins) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
    return true;
  }

  /** There was progress: start over. */
  public void reset() {
    rounds = 0;
  }
}
