package io.farheap.evacuator;

import io.farheap.allocator.SegmentTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

/**
 * The segments that are being cleaned. Each is gone through page by page, more than once if some of
 * its objects could not be moved, and is closed again when it is dead or has to stay as it is.
 */
final class Cleanings {
  /** So often a segment is gone through; what is pinned or in use even then stays. */
  private static final int MOST_PASSES = 4;

  /** One of them. */
  static final class Cleaning {
    final CleaningJob job;
    long nextPage;
    private int pass;

    Cleaning(CleaningJob job) {
      this.job = job;
      startPass();
    }

    private void startPass() {
      nextPage = SegmentTable.firstPage(job.segment());
      pass++;
    }

    /** Whether all pages of this pass were looked at. */
    boolean passEnded() {
      return nextPage == SegmentTable.firstPage(job.segment() + 1);
    }
  }

  private final SegmentTable segments;
  private final QuietPages quietPages;
  private final Queue<CleaningJob> jobs = new ArrayDeque<>();
  private final Queue<Cleaning> again = new ArrayDeque<>();
  private final List<Cleaning> ended = new ArrayList<>();
  private Cleaning current;

  Cleanings(SegmentTable segments, QuietPages quietPages) {
    this.segments = segments;
    this.quietPages = quietPages;
  }

  /** Replaces what was to be cleaned next; what is being cleaned goes on. */
  void plan(List<CleaningJob> next) {
    jobs.clear();
    jobs.addAll(next);
  }

  /** Whether no segment is being cleaned or to be cleaned. */
  boolean isEmpty() {
    return current == null && jobs.isEmpty() && again.isEmpty() && ended.isEmpty();
  }

  /** The segment whose pages are next, or null if none is left for this round. */
  Cleaning current() {
    if (current != null && current.passEnded()) {
      ended.add(current);
      current = null;
    }
    if (current == null) {
      current = again.poll();
    }
    while (current == null && !jobs.isEmpty()) {
      CleaningJob next = jobs.remove();
      if (segments.state(next.segment()) == SegmentTable.State.CLOSED
          && segments.runLength(next.segment()) == 1
          && !segments.isDead(next.segment())) {
        segments.startCleaning(next.segment());
        current = new Cleaning(next);
      }
    }
    return current;
  }

  /** Between two rounds: closes the segments that are done, and sees to it that others go on. */
  void settle() {
    for (Iterator<Cleaning> i = ended.iterator(); i.hasNext(); ) {
      Cleaning cleaning = i.next();
      int segment = cleaning.job.segment();
      if (quietPages.anyOf(segment)) {
        continue; // only the agent that made a page quiet gives it back
      }
      i.remove();
      if (cleaning.pass == MOST_PASSES || segments.isDead(segment)) {
        segments.endCleaning(segment);
      } else {
        cleaning.startPass();
        again.add(cleaning);
      }
    }
  }

  /** Gives up what is not done; another survey will find it. */
  void giveUp() {
    jobs.clear();
    ended.addAll(again);
    again.clear();
    if (current != null) {
      ended.add(current);
      current = null;
    }
    for (Cleaning cleaning : ended) {
      cleaning.pass = MOST_PASSES;
    }
    settle();
  }
}
