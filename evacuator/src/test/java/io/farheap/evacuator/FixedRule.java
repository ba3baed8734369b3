package io.farheap.evacuator;

import java.util.ArrayList;
import java.util.List;

/** Wants the segments that a test names, once. */
final class FixedRule implements CleaningRule {
  private final List<Integer> segments = new ArrayList<>();
  boolean localOnly;

  FixedRule(int... wanted) {
    want(wanted);
  }

  void want(int... wanted) {
    for (int segment : wanted) {
      segments.add(segment);
    }
  }

  @Override
  public String name() {
    return "fixed";
  }

  @Override
  public List<CleaningJob> choose(HeapView heap) {
    List<CleaningJob> jobs =
        segments.stream().map(s -> new CleaningJob(s, name(), localOnly)).toList();
    segments.clear();
    return jobs;
  }
}
