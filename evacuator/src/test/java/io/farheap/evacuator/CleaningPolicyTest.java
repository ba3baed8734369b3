package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.Heat;
import io.farheap.allocator.SegmentTable;
import io.farheap.evacuator.CleaningPolicy.FarGarbage;
import io.farheap.evacuator.CleaningPolicy.MixedHeat;
import io.farheap.evacuator.CleaningPolicy.NearlyEmpty;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule over pictures of a heap that are drawn by hand. */
final class CleaningPolicyTest {
  private static final int FULL = SegmentTable.SEGMENT_BYTES;
  private static final int PAGES = SegmentTable.SEGMENT_PAGES;

  private static SegmentView segment(int number, double liveShare) {
    int live = (int) (FULL * liveShare);
    return new SegmentView(number, Heat.PLAIN, live, FULL, 0, PAGES, 0, 0);
  }

  /** A local segment with so much of its live bytes touched. */
  private static SegmentView local(int number, int localPages, double touchedShare) {
    int live = FULL / 2;
    return new SegmentView(
        number, Heat.PLAIN, live, FULL, localPages, 0, live, (int) (live * touchedShare));
  }

  private static HeapView heap(boolean localPressure, SegmentView... segments) {
    long live = Arrays.stream(segments).mapToLong(SegmentView::liveBytes).sum();
    long filled = Arrays.stream(segments).mapToLong(SegmentView::filledBytes).sum();
    return new HeapView(
        (long) segments.length * FULL, live, filled, 0, localPressure, List.of(segments));
  }

  private static List<Integer> chosen(CleaningRule rule, HeapView heap) {
    return rule.choose(heap).stream().map(CleaningJob::segment).toList();
  }

  @Test
  void nearlyEmptySegmentsAreAlwaysWorthIt() {
    HeapView heap = heap(false, segment(1, 0.01), segment(2, 1.0 / 16), segment(3, 0.1));
    assertEquals(List.of(1, 2), chosen(new NearlyEmpty(), heap));
  }

  @Test
  void theLogSaysWhichRuleChoseWhatAndWhy() {
    HeapView heap = heap(true, segment(1, 0.25), segment(2, 0.25), segment(3, 0.5));
    CleaningPolicy policy =
        new CleaningPolicy(List.of(new FarGarbage(1, 1, 0.3), new FixedRule(2, 3)));
    assertEquals(
        "segments to clean: {far garbage=[1, 2], fixed=[3]}; far memory used 786432 bytes,"
            + " live 262144, ever filled 786432, free 0; frames are wanted",
        CleaningPolicy.report(heap, policy.plan(heap)));
  }

  @Test
  void deadSegmentsAreNobodysJob() {
    HeapView heap = heap(true, segment(1, 0));
    for (CleaningRule rule :
        List.of(new NearlyEmpty(), new FarGarbage(1, 1, 1), new MixedHeat(0, 1))) {
      assertEquals(List.of(), chosen(rule, heap), rule.name());
    }
  }

  @Test
  void largeObjectsHaveNoMixedHeat() {
    SegmentView large =
        new SegmentView(2, Heat.LARGE, FULL / 2, FULL, PAGES, 0, FULL / 2, FULL / 4);
    assertEquals(List.of(), chosen(new MixedHeat(0, 1), heap(true, large)));
    assertEquals(List.of(2), chosen(new FarGarbage(1, 1, 1), heap(true, large)));
  }

  @Test
  void whatNeverFitIsNoGarbage() {
    SegmentView wasteful = new SegmentView(1, Heat.PLAIN, FULL / 2, FULL / 2, 0, PAGES, 0, 0);
    assertEquals(1, wasteful.liveShare());
    assertEquals(0, wasteful.garbageBytes());
    assertEquals(List.of(), chosen(new FarGarbage(1, 1, 0.9), heap(false, wasteful)));
  }

  @Test
  void farGarbageIsLeftAloneBelowItsLimit() {
    FarGarbage rule = new FarGarbage(1.2, 1.5, 0.9);
    assertEquals(List.of(), chosen(rule, heap(false, segment(1, 0.5), segment(2, 0.9))));
    assertEquals(List.of(1), chosen(rule, heap(false, segment(1, 0.3), segment(2, 0.95))));
  }

  @Test
  void farGarbageTakesTheEmptiestUntilTheTarget() {
    FarGarbage rule = new FarGarbage(1.25, 1.3, 0.9);
    // 4 segments for 2 of live bytes: 1.5 too many, and the first two give 1.6 back.
    HeapView heap = heap(false, segment(1, 0.1), segment(2, 0.3), segment(3, 0.7), segment(4, 0.9));
    assertEquals(List.of(1, 2), chosen(rule, heap));
  }

  @Test
  void segmentsThatAreNearlyFullAreNotWorthTheCopying() {
    FarGarbage rule = new FarGarbage(1, 1, 0.8);
    HeapView heap = heap(false, segment(1, 0.79), segment(2, 0.81), segment(3, 0.85));
    assertEquals(List.of(1), chosen(rule, heap));
  }

  @Test
  void aHeapOfFewDeadObjectsIsNotCleanedForWhatDoesNotFitPages() {
    FarGarbage rule = new FarGarbage(1, 1, 0.9);
    assertEquals(List.of(), chosen(rule, heap(false, segment(1, 0.8), segment(2, 0.9))));
  }

  @Test
  void mixedHeatNeedsPressureAndLocalPages() {
    MixedHeat rule = new MixedHeat(0.2, 0.6);
    SegmentView mixed = local(1, PAGES, 0.4);
    assertEquals(List.of(), chosen(rule, heap(false, mixed)));
    assertEquals(List.of(1), chosen(rule, heap(true, mixed)));
    assertEquals(List.of(), chosen(rule, heap(true, local(1, PAGES / 8, 0.4))));
    assertTrue(rule.choose(heap(true, mixed)).getFirst().localOnly(), "it reads nothing in");
  }

  @Test
  void neitherColdNorHotSegmentsAreMixed() {
    MixedHeat rule = new MixedHeat(0.2, 0.6);
    HeapView heap = heap(true, local(1, PAGES, 0.1), local(2, PAGES, 0.4), local(3, PAGES, 0.7));
    assertEquals(List.of(2), chosen(rule, heap));
  }

  @Test
  void aSegmentIsCleanedForTheFirstRuleThatWantsIt() {
    CleaningPolicy policy =
        new CleaningPolicy(List.of(new NearlyEmpty(), new FarGarbage(1, 1, 0.9)));
    List<CleaningJob> jobs = policy.plan(heap(false, segment(1, 0.01), segment(2, 0.5)));
    assertEquals(List.of(1, 2), jobs.stream().map(CleaningJob::segment).toList());
    assertEquals(
        List.of("nearly empty", "far garbage"), jobs.stream().map(CleaningJob::rule).toList());
  }

  @Test
  void aHeapThatMustNotRegroupKnowsNoMixedHeat() {
    HeapView heap = heap(true, local(1, PAGES, 0.3), segment(2, 1), segment(3, 1));
    assertEquals(List.of(), CleaningPolicy.standard(false).plan(heap));
    assertEquals(1, CleaningPolicy.standard(true).plan(heap).size());
  }
}
