package io.farheap.evacuator;

/**
 * When eviction starts and when it stops.
 *
 * @param low fewer free frames than this start it
 * @param high this many end it
 */
public record Watermarks(int low, int high) {
  /** Checks the order. */
  public Watermarks {
    if (low < 1 || high < low) {
      throw new IllegalArgumentException("low watermark " + low + ", high " + high);
    }
  }

  /** Whether to reclaim, given whether reclaiming is under way. */
  boolean shouldReclaim(int free, boolean reclaiming) {
    return free < (reclaiming ? high : low);
  }

  /** Frames that are missing to the high watermark. */
  int missing(int free) {
    return Math.max(0, high - free);
  }
}
