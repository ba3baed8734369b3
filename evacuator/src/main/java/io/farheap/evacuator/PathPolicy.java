package io.farheap.evacuator;

/** Decides, as a page goes out, by which path its objects come in. */
@FunctionalInterface
public interface PathPolicy {
  /**
   * The path selector flag of a page.
   *
   * @param touchedBytes bytes of the page that were used while it was local
   * @param liveBytes bytes of the page's live objects, headers included
   * @param fetched whether it had come in by the paging path; otherwise it was filled here
   * @return true for the paging path, false for the object path
   */
  boolean paging(int touchedBytes, int liveBytes, boolean fetched);

  /** Every page comes in whole. */
  PathPolicy PAGING_ONLY = (touchedBytes, liveBytes, fetched) -> true;

  /** Objects come in one by one. */
  PathPolicy OBJECT_ONLY = (touchedBytes, liveBytes, fetched) -> false;
}
