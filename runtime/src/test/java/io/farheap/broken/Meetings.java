package io.farheap.broken;

import java.util.Map;
import java.util.TreeMap;

/** What relocations met, so that a test sees that they met everything. */
final class Meetings {
  private final Map<String, Integer> counts = new TreeMap<>();

  void note(String what) {
    counts.merge("relocation met " + what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }
}
