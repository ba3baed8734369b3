package io.farheap.evacuator;

import java.util.List;

/** One reason to clean segments. */
public interface CleaningRule {
  /** A name for the log. */
  String name();

  /**
   * The segments to clean for this reason, the best first.
   *
   * @param heap what a survey saw
   */
  List<CleaningJob> choose(HeapView heap);
}
