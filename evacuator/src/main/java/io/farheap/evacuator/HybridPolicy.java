package io.farheap.evacuator;

/**
 * The paging path for pages of which enough was used while they were local (Atlas's card access
 * rate).
 *
 * <p>A page that came in whole shows by its cards whether that paid. A page that was filled here,
 * one fetched object after the other, has all of its cards marked in any case: each object was put
 * there because somebody wanted it. Whether its objects are wanted together again is not known, so
 * that it is judged by the pages that lately came in whole; while those were little used, one page
 * in {@link #TRIAL_EVERY} goes by the paging path nevertheless, to learn when that changes.
 */
public final class HybridPolicy implements PathPolicy {
  /** One page in so many is tried on the paging path. */
  static final int TRIAL_EVERY = 32;

  private static final double TRUST_FROM = 0.5;
  private static final double WEIGHT = 1.0 / 64;

  private final double threshold;
  private double lately = 1;
  private int untried;

  /**
   * A policy without experience: it expects that the paging path pays.
   *
   * @param threshold share of touched over live bytes above which a page comes in whole, 0 to 1
   */
  public HybridPolicy(double threshold) {
    this.threshold = threshold;
  }

  @Override
  public boolean paging(int touchedBytes, int liveBytes, boolean fetched) {
    boolean used = touchedBytes > threshold * liveBytes;
    if (fetched) {
      double share = liveBytes == 0 ? 0 : Math.min(1, (double) touchedBytes / liveBytes);
      lately += (share - lately) * WEIGHT;
      return used;
    }
    if (!used || lately >= TRUST_FROM) {
      return used;
    }
    untried++;
    if (untried < TRIAL_EVERY) {
      return false;
    }
    untried = 0;
    return true;
  }
}
