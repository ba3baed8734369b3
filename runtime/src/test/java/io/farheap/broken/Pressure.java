package io.farheap.broken;

import static io.farheap.broken.Splice.answer;

import io.farheap.allocator.Heat;
import io.farheap.allocator.SegmentTable;
import io.farheap.evacuator.CleaningJob;
import io.farheap.options.Mode;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the agents that ship do what they do for no reason, so that it happens often and in every
 * state: pages go out though frames are not short, by either path, and any segment is cleaned.
 * Breaks no rule.
 */
public final class Pressure {
  static final List<Splice> SPLICES =
      List.of(
          answer("evacuator.Evictor", "Watermarks.shouldReclaim", "Pressure.atAnyTime"),
          answer("evacuator.Evictor", "Watermarks.missing", "Pressure.atLeastSome"),
          answer("evacuator.Evictor#sweep", "PageWord.referenced", "Pressure.referenced"),
          answer(
              "evacuator.Evictor#keepForNextTurn", "AccessMarks.accessedBytes", "Pressure.sparse"),
          answer("evacuator.Evictor", "PathPolicy.paging", "Pressure.byEitherPath"),
          answer("evacuator.Evacuator", "Allowance.available", "Pressure.atAnyTime"),
          answer("evacuator.Evacuator#lookAround", "Evacuator.outgrown", "Pressure.atAnyTime"),
          answer("evacuator.Evacuator", "CleaningPolicy.plan", "Pressure.anySegments"));

  private static final int LOOKS = 8;
  private static final int MOST_SEGMENTS = 6;
  private static final int MOST_PAGES = 12;

  private Pressure() {}

  public static boolean atAnyTime(boolean now) {
    return now || RuleBreaker.now().chance(4);
  }

  public static int atLeastSome(int missing) {
    RuleBreaker breaker = RuleBreaker.now();
    return breaker.resting() ? missing : Math.max(missing, 1 + breaker.random(MOST_PAGES));
  }

  public static boolean referenced(boolean referenced) {
    return referenced && !RuleBreaker.now().chance(4);
  }

  public static int sparse(int accessedBytes) {
    return RuleBreaker.now().chance(2) ? Math.min(1, accessedBytes) : accessedBytes;
  }

  public static boolean byEitherPath(boolean paging) {
    RuleBreaker breaker = RuleBreaker.now();
    boolean either = breaker.mode() == Mode.HYBRID && !breaker.resting();
    return either ? breaker.chance(2) : paging;
  }

  public static List<CleaningJob> anySegments(List<CleaningJob> jobs) {
    RuleBreaker breaker = RuleBreaker.now();
    SegmentTable segments = breaker.memory().segments();
    int count = SegmentTable.segmentOf(segments.pagesInSlabs());
    if (breaker.resting() || count == 0) {
      return jobs;
    }
    List<CleaningJob> more = new ArrayList<>(jobs);
    for (int i = breaker.random(MOST_SEGMENTS + 1); i > 0; i--) {
      more.add(new CleaningJob(segment(breaker, segments, count), "any", breaker.chance(4)));
    }
    return more;
  }

  /**
   * Any, but rather one that is worth looking at: of a thread that looks on, or of many objects.
   */
  private static int segment(RuleBreaker breaker, SegmentTable segments, int count) {
    int threads = breaker.chance(2) ? breaker.threadsSegment() : SegmentTable.NONE;
    if (threads != SegmentTable.NONE) {
      return threads;
    }
    int segment = breaker.random(count);
    for (int i = 0; i < LOOKS && !worthIt(segments, segment); i++) {
      segment = breaker.random(count);
    }
    return segment;
  }

  private static boolean worthIt(SegmentTable segments, int segment) {
    return segments.state(segment) == SegmentTable.State.CLOSED
        && segments.heat(segment) != Heat.LARGE;
  }
}
