package io.farheap.evacuator;

/** Decides, as a page goes out, by which path its objects come in. */
@FunctionalInterface
public interface PathPolicy {
  /**
   * The path selector flag of a page.
   *
   * @param touchedBytes bytes of the page's marked cards
   * @param liveBytes bytes of the page's live objects, headers included
   * @return true for the paging path, false for the object path
   */
  boolean paging(int touchedBytes, int liveBytes);

  /** Every page comes in whole. */
  PathPolicy PAGING_ONLY = (touchedBytes, liveBytes) -> true;

  /** Objects come in one by one. */
  PathPolicy OBJECT_ONLY = (touchedBytes, liveBytes) -> false;

  /**
   * The paging path for pages of which enough was used while they were local (Atlas's card access
   * rate).
   *
   * @param threshold share of touched over live bytes above which a page comes in whole, 0 to 1
   */
  static PathPolicy hybrid(double threshold) {
    return (touchedBytes, liveBytes) -> touchedBytes > threshold * liveBytes;
  }
}
