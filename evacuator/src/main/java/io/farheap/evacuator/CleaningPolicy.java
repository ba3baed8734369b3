package io.farheap.evacuator;

import io.farheap.allocator.Heat;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which segments to clean: the rules in their order, each over the same picture of the heap. A
 * segment that two rules want is cleaned for the first.
 *
 * @param rules the rules
 */
public record CleaningPolicy(List<CleaningRule> rules) {
  private static final Logger LOG = LoggerFactory.getLogger(CleaningPolicy.class);

  /** Checks nothing; makes the list unchangeable. */
  public CleaningPolicy {
    rules = List.copyOf(rules);
  }

  /** What a heap does unless told otherwise. */
  public static CleaningPolicy standard(boolean regrouping) {
    List<CleaningRule> rules = new ArrayList<>();
    rules.add(new NearlyEmpty());
    rules.add(new FarGarbage(1.37, 1.40, 0.8));
    if (regrouping) {
      rules.add(new MixedHeat(0.125, 0.5));
    }
    return new CleaningPolicy(rules);
  }

  /** The segments to clean, the best first. */
  List<CleaningJob> plan(HeapView heap) {
    List<CleaningJob> jobs = new ArrayList<>();
    Set<Integer> chosen = new HashSet<>();
    for (CleaningRule rule : rules) {
      for (CleaningJob job : rule.choose(heap)) {
        if (chosen.add(job.segment())) {
          jobs.add(job);
        }
      }
    }
    if (LOG.isDebugEnabled() && !jobs.isEmpty()) {
      LOG.debug(report(heap, jobs));
    }
    return jobs;
  }

  /** Which rule chose which segments, and the figures that it saw. */
  static String report(HeapView heap, List<CleaningJob> jobs) {
    return "segments to clean: "
        + jobs.stream()
            .collect(
                Collectors.groupingBy(
                    CleaningJob::rule,
                    TreeMap::new,
                    Collectors.mapping(CleaningJob::segment, Collectors.toList())))
        + "; far memory used "
        + heap.usedBytes()
        + " bytes, live "
        + heap.liveBytes()
        + ", ever filled "
        + heap.filledBytes()
        + ", free "
        + heap.freeBytes()
        + (heap.localPressure() ? "; frames are wanted" : "; no frames are wanted");
  }

  private static boolean movable(SegmentView segment) {
    return segment.liveBytes() > 0;
  }

  /** A segment that costs next to nothing to empty. */
  record NearlyEmpty() implements CleaningRule {
    private static final double SHARE = 1.0 / 16;

    @Override
    public String name() {
      return "nearly empty";
    }

    @Override
    public List<CleaningJob> choose(HeapView heap) {
      return heap.segments().stream()
          .filter(s -> movable(s) && s.liveShare() <= SHARE)
          .map(s -> new CleaningJob(s.segment(), name(), false))
          .toList();
    }
  }

  /**
   * Far memory holds too much beside the live objects: segments are cleaned until it would hold no
   * more than the target, those first that move the fewest bytes for each byte won.
   *
   * @param target bytes taken for a live byte at which cleaning ends
   * @param limit bytes taken for a live byte from which on it begins
   * @param fullest segments with a larger live share are not worth the copying
   */
  record FarGarbage(double target, double limit, double fullest) implements CleaningRule {
    /**
     * With fewer dead bytes for a live one, what is taken beside is what does not fit pages, and
     * moving objects does not win it.
     */
    private static final double LEAST_DEAD = 0.2;

    @Override
    public String name() {
      return "far garbage";
    }

    /** Objects move, and remote pages are read whole. */
    private static double costPerByte(SegmentView segment) {
      double moved = segment.liveBytes() + (double) PageWord.PAGE_BYTES * segment.remotePages();
      return moved / Math.max(1, segment.garbageBytes());
    }

    @Override
    public List<CleaningJob> choose(HeapView heap) {
      List<CleaningJob> jobs = new ArrayList<>();
      if (heap.usedBytes() > limit * heap.liveBytes() && heap.deadPerLive() > LEAST_DEAD) {
        double excess = heap.usedBytes() - target * heap.liveBytes();
        List<SegmentView> cheapest = new ArrayList<>(heap.segments());
        cheapest.sort(Comparator.comparingDouble(FarGarbage::costPerByte));
        for (SegmentView segment : cheapest) {
          if (excess > 0 && movable(segment) && segment.liveShare() <= fullest) {
            jobs.add(new CleaningJob(segment.segment(), name(), false));
            excess -= segment.garbageBytes();
          }
        }
      }
      return jobs;
    }
  }

  /**
   * Frames are wanted, and a segment's local pages hold accessed and other objects side by side.
   *
   * @param least share of touched bytes below which the evictor will take the pages soon
   * @param most share above which the pages are worth their frames
   */
  record MixedHeat(double least, double most) implements CleaningRule {
    private static final int MOST_SEGMENTS = 8;
    private static final int LEAST_PAGES = SegmentTable.SEGMENT_PAGES / 4;

    @Override
    public String name() {
      return "mixed heat";
    }

    @Override
    public List<CleaningJob> choose(HeapView heap) {
      if (!heap.localPressure()) {
        return List.of();
      }
      return heap.segments().stream()
          .filter(s -> s.heat() != Heat.LARGE && s.localPages() >= LEAST_PAGES)
          .filter(s -> s.touchedShare() >= least && s.touchedShare() <= most)
          .limit(MOST_SEGMENTS)
          .map(s -> new CleaningJob(s.segment(), name(), true))
          .toList();
    }
  }
}
