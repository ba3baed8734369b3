package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the evacuator does to a heap on its own, step by step. */
final class EvacuatorTest {
  private static final int HOT_ONE_IN = 3;
  private static final int LARGE_PAGES = 8;

  private final SmallHeap heap = new SmallHeap(4);
  private final FixedRule rule = new FixedRule();
  private final Evacuator evacuator = heap.evacuator(rule);

  private void stepUntil(BooleanSupplier reached) {
    for (int i = 0; i < 10_000; i++) {
      if (reached.getAsBoolean()) {
        return;
      }
      heap.nowNanos += 1_000_000;
      evacuator.doWork();
    }
    throw new AssertionError("never reached");
  }

  private Recycler recycler() {
    return new Recycler(heap.memory, heap.listener, heap.clock);
  }

  @Test
  void aSegmentOfGarbageIsEmptiedAndItsFramesComeBack() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    heap.thinOut(objects, 20);
    int freeBefore = heap.memory.frames().free();
    Evacuator standard =
        new Evacuator(
            heap.memory,
            new EvacuatorSettings(CleaningPolicy.standard(true), 1, 1L << 40),
            heap.far,
            heap.listener,
            () -> 0,
            heap.clock);
    heap.drain(standard);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    assertEquals((long) objects.size() * SmallHeap.FOOTPRINT, heap.listener.bytesEvacuated);
    assertTrue(heap.memory.segments().isDead(segment));
    heap.check(objects);
    heap.recount(objects);
    heap.drain(recycler());
    assertTrue(heap.memory.frames().free() > freeBefore + SegmentTable.SEGMENT_PAGES / 2);
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(segment));
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void accessedObjectsGoTogether() {
    List<Long> objects = heap.fillSegment();
    List<Long> hot = new ArrayList<>();
    for (int i = 0; i < objects.size(); i += HOT_ONE_IN) {
      heap.touch(objects.get(i));
      hot.add(objects.get(i));
    }
    rule.want(heap.segment(objects.getFirst()));
    heap.drain(evacuator);
    for (long handle : objects) {
      assertEquals(hot.contains(handle) ? Heat.HOT : Heat.COLD, heap.heat(handle));
      assertFalse(PlaceWord.accessed(heap.place(handle)), "the new place has no cards");
    }
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void aHeapWithoutGarbageIsLeftAlone() {
    List<Long> objects = heap.fillSegment();
    objects.addAll(heap.fillSegment());
    List<Long> places = objects.stream().map(heap::place).toList();
    Evacuator standard =
        new Evacuator(
            heap.memory,
            new EvacuatorSettings(CleaningPolicy.standard(true), 1, 1L << 40),
            heap.far,
            heap.listener,
            () -> 0,
            heap.clock);
    long surveys = standard.fruitlessSurveys();
    for (int i = 0; i < 1000; i++) {
      heap.nowNanos += 10_000_000;
      assertEquals(0, standard.doWork());
    }
    assertTrue(standard.fruitlessSurveys() > surveys + 1, "it did not even look");
    assertEquals(places, objects.stream().map(heap::place).toList());
    assertEquals(0, heap.far.started);
    heap.recount(objects);
  }

  @Test
  void remotePagesOfTheObjectPathAreReadAndStayUntilTheyAreDead() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    heap.thinOut(objects, 2);
    heap.goOut(segment, false);
    heap.far.answer = PageTrip.Status.PENDING;
    rule.want(segment);
    stepUntil(() -> heap.far.underWay() > 0);
    for (int i = 0; i < 100; i++) {
      evacuator.doWork();
    }
    assertEquals(0, heap.listener.objectsEvacuated, "copied bytes that were not there");
    heap.check(objects);
    heap.far.answer = PageTrip.Status.DONE;
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(segment, PageWord.REMOTE));
    assertEquals((long) SegmentTable.SEGMENT_PAGES * PageWord.PAGE_BYTES, heap.listener.bytesRead);
    assertTrue(heap.far.fetchesEnded.isEmpty());
    heap.check(objects);
    heap.recount(objects);
    heap.drain(recycler());
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(segment));
  }

  @Test
  void remotePagesOfThePagingPathAreFetchedFirst() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    heap.thinOut(objects, 2);
    heap.goOut(segment, true);
    heap.far.answer = PageTrip.Status.PENDING;
    rule.want(segment);
    stepUntil(() -> heap.far.underWay() > 0);
    int fetching = heap.far.underWay();
    for (int i = 0; i < 100; i++) {
      evacuator.doWork();
    }
    assertEquals(fetching, heap.pages(segment, PageWord.FETCHING), "mapped without its bytes");
    assertEquals(0, heap.pages(segment, PageWord.LOCAL));
    heap.far.answer = PageTrip.Status.DONE;
    stepUntil(() -> !heap.far.fetchesEnded.isEmpty());
    assertEquals(fetching, heap.far.fetchesEnded.size());
    heap.check(objects);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.far.fetchesEnded.size());
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(segment, PageWord.FREE));
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void readsThatFailLeaveEverythingAsItWas() {
    List<Long> objects = heap.fillSegment();
    int paging = heap.segment(objects.getFirst());
    objects.addAll(heap.fillSegment());
    int object = heap.segment(objects.getLast());
    heap.thinOut(objects, 4);
    heap.goOut(paging, true);
    heap.goOut(object, false);
    heap.far.answer = PageTrip.Status.FAILED;
    rule.want(paging, object);
    heap.drain(evacuator);
    assertTrue(heap.far.started > 0);
    assertEquals(0, heap.listener.objectsEvacuated);
    assertEquals(heap.far.started / 2, heap.far.fetchesEnded.size());
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(paging, PageWord.REMOTE));
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(object, PageWord.REMOTE));
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(paging));
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(object));
    heap.recount(objects);
    heap.far.answer = PageTrip.Status.DONE;
    rule.want(paging, object);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void localOnlyLeavesRemotePagesAlone() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    heap.goOut(segment, false);
    rule.localOnly = true;
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(0, heap.far.started);
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(segment));
  }

  @Test
  void nothingIsCopiedWhileAScopeIsOpenThatWasThereBefore() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    int slot = heap.memory.epochs().enter(0);
    rule.want(segment);
    stepUntil(() -> heap.pages(segment, PageWord.LEAVING) > 0);
    for (int i = 0; i < 100; i++) {
      evacuator.doWork();
    }
    assertEquals(0, heap.pages(segment, PageWord.QUIET));
    assertEquals(0, heap.listener.objectsEvacuated);
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.check(objects);
  }

  /** It may have read a record before that changed, and copy from the frame itself. */
  @Test
  void aFrameIsKeptForAScopeThatWasEnteredWhileItsPageWasQuiet() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    rule.want(segment);
    stepUntil(() -> heap.pages(segment, PageWord.QUIET) > 0);
    int slot = heap.memory.epochs().enter(0);
    long quiet = SegmentTable.firstPage(segment);
    while (heap.state(quiet) != PageWord.QUIET) {
      quiet++;
    }
    stepUntil(() -> heap.memory.segments().isDead(segment));
    for (int i = 0; i < 200; i++) {
      heap.nowNanos += 1_000_000;
      evacuator.doWork();
    }
    assertEquals(PageWord.QUIET, heap.state(quiet));
    assertEquals(0, heap.memory.segments().pageLive(quiet));
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(segment, PageWord.FREE));
    heap.recount(objects);
  }

  @Test
  void pinnedPagesStay() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    int before = heap.frame(heap.page(objects.getFirst()));
    heap.memory.frameTable().pin(before);
    int slot = heap.memory.epochs().enter(0);
    rule.want(segment);
    stepUntil(() -> heap.pages(segment, PageWord.LEAVING) > 0);
    int during = heap.frame(heap.page(objects.get(SmallHeap.PER_PAGE)));
    heap.memory.frameTable().pin(during); // as a scope does that steps aside
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(2, heap.pages(segment, PageWord.LOCAL));
    assertEquals(objects.size() - 2 * SmallHeap.PER_PAGE, heap.listener.objectsEvacuated);
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(segment));
    heap.check(objects);
    heap.recount(objects);
    heap.memory.frameTable().unpin(before);
    heap.memory.frameTable().unpin(during);
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.recount(objects);
  }

  @Test
  void aPageThatIsRescuedStaysForThatPass() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    int slot = heap.memory.epochs().enter(0);
    rule.want(segment);
    stepUntil(() -> heap.pages(segment, PageWord.LEAVING) > 0);
    long page = heap.page(objects.getFirst());
    assertTrue(heap.memory.pageTable().rescue(page, heap.memory.pageTable().load(page)));
    heap.memory.epochs().exit(slot);
    stepUntil(() -> heap.listener.pagesRecycled > 0);
    assertEquals(PageWord.LOCAL, heap.state(page));
    assertEquals(page, heap.page(objects.getFirst()));
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated, "the next pass takes it");
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void aWriteInFlightKeepsItsPage() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    long page = heap.page(objects.getFirst());
    long leaving = heap.memory.pageTable().unmap(page, heap.memory.pageTable().load(page));
    long writing = heap.memory.pageTable().startWrite(page, leaving);
    assertTrue(heap.memory.pageTable().rescue(page, writing));
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(PageWord.LOCAL, heap.state(page));
    assertEquals(objects.size() - SmallHeap.PER_PAGE, heap.listener.objectsEvacuated);
    heap.memory.pageTable().endWrite(page);
    heap.recount(objects);
  }

  @Test
  void objectsFreedMeanwhileAreNotBroughtBack() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    rule.want(segment);
    int slot = heap.memory.epochs().enter(0);
    stepUntil(() -> heap.pages(segment, PageWord.LEAVING) > 0);
    heap.thinOut(objects, 5);
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.check(objects);
    heap.recount(objects);
  }

  /** Three large objects, of which the one in the middle dies. */
  private List<Long> largeObjects() {
    List<Long> large = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      large.add(heap.allocateLarge(LARGE_PAGES));
    }
    heap.memory.largeLog().seal();
    heap.free(large.remove(1));
    return large;
  }

  @Test
  void largeObjectsMoveAsAWhole() {
    List<Long> large = largeObjects();
    int segment = heap.segment(large.getFirst());
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(large.size(), heap.listener.objectsEvacuated);
    for (long handle : large) {
      assertTrue(heap.segment(handle) != segment);
      assertEquals(Heat.LARGE, heap.heat(handle));
    }
    heap.check(large);
    heap.drain(recycler());
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(segment));
    heap.recount(large);
  }

  @Test
  void largeObjectsAreFetchedFirst() {
    List<Long> large = largeObjects();
    int segment = heap.segment(large.getFirst());
    for (long handle : large) {
      heap.goOut(handle);
    }
    heap.far.answer = PageTrip.Status.FAILED;
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(0, heap.listener.objectsEvacuated);
    heap.recount(large);
    heap.far.answer = PageTrip.Status.DONE;
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(large.size(), heap.listener.objectsEvacuated);
    heap.check(large);
    heap.drain(recycler());
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(segment));
    heap.recount(large);
  }

  @Test
  void largeObjectsInUseStay() {
    List<Long> large = largeObjects();
    int segment = heap.segment(large.getFirst());
    int slot = heap.memory.epochs().enter(0);
    rule.want(segment);
    stepUntil(() -> heap.pages(segment, PageWord.LEAVING) > 1);
    long rescued = heap.page(large.get(0));
    assertTrue(heap.memory.pageTable().rescue(rescued, heap.memory.pageTable().load(rescued)));
    int pinned = heap.frame(heap.page(large.get(1)));
    heap.memory.frameTable().pin(pinned);
    heap.memory.frameTable().pin(heap.frame(rescued));
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(0, heap.listener.objectsEvacuated);
    assertEquals(0, heap.pages(segment, PageWord.QUIET));
    assertEquals(segment, heap.segment(large.get(0)));
    assertEquals(segment, heap.segment(large.get(1)));
    heap.memory.frameTable().unpin(pinned);
    heap.memory.frameTable().unpin(heap.frame(rescued));
    heap.check(large);
  }

  @Test
  void aRunThatWasRescuedAndLeftMeanwhileIsNotLookedAt() {
    List<Long> objects = heap.fillSegment();
    List<Long> large = largeObjects();
    int small = heap.segment(objects.getFirst());
    rule.want(small, heap.segment(large.getFirst()));
    // Its batch is being moved, page by page, and the run is not yet at turn.
    stepUntil(() -> heap.pages(small, PageWord.QUIET) > 0);
    long run = heap.page(large.getFirst());
    int frame = heap.frame(run);
    assertTrue(heap.memory.pageTable().rescue(run, heap.memory.pageTable().load(run)));
    heap.goOut(large.getFirst());
    heap.memory.frameSegment(frame).fill((byte) 0x5A);
    heap.drain(evacuator);
    objects.addAll(large);
    heap.check(objects);
    heap.drain(recycler());
    heap.recount(objects);
  }

  /** A job may be old: its segment was freed, and holds large objects by now. */
  @Test
  void aJobThatIsOlderThanItsSegmentDoesNoHarm() {
    List<Long> slow = heap.fillSegment();
    List<Long> dying = heap.fillSegment();
    int first = heap.segment(slow.getFirst());
    int second = heap.segment(dying.getFirst());
    heap.goOut(first, false);
    heap.far.answer = PageTrip.Status.PENDING;
    rule.want(first, second);
    stepUntil(() -> heap.far.underWay() > 0);
    dying.forEach(heap::free);
    heap.drain(recycler());
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(second));
    List<Long> large = largeObjects();
    assertEquals(second, heap.segment(large.getFirst()));
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(second));
    heap.far.answer = PageTrip.Status.DONE;
    heap.drain(evacuator);
    heap.check(large);
    slow.addAll(large);
    heap.drain(recycler());
    heap.check(slow);
    heap.recount(slow);
  }

  @Test
  void withoutFramesItWaitsAndEndsOnceThereAreSome() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    rule.want(segment);
    List<Integer> taken = heap.takeFrames(1);
    for (int i = 0; i < 1000; i++) {
      heap.nowNanos += 1_000_000;
      evacuator.doWork();
      assertEquals(0, heap.pages(segment, PageWord.QUIET), "no way back, and no way on");
    }
    assertEquals(0, heap.listener.objectsEvacuated);
    heap.check(objects);
    taken.forEach(heap.memory::giveFrame);
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.recount(objects);
  }

  /** Takes every free segment but so many. */
  private void fillFarMemory(int leave) {
    SegmentTable segments = heap.memory.segments();
    while (segments.freeSegments() > leave) {
      assertTrue(segments.take(Heat.COLD) != SegmentTable.NONE);
    }
  }

  @Test
  void withoutFarMemoryItGivesUpAndTriesAgainLater() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    List<Long> dying = heap.fillSegment();
    fillFarMemory(0);
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(0, heap.listener.objectsEvacuated);
    assertEquals(SegmentTable.State.CLOSED, heap.memory.segments().state(segment));
    assertEquals(SegmentTable.SEGMENT_PAGES, heap.pages(segment, PageWord.LOCAL));
    dying.forEach(heap::free);
    heap.drain(recycler());
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(objects.size(), heap.listener.objectsEvacuated);
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void pagesThatAreQuietWhenFarMemoryEndsAreEmptiedLater() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    List<Long> dying = heap.fillSegment();
    // Two pages of a cold segment are left.
    LogBuffer cold = heap.memory.log(Heat.COLD, 0);
    List<Long> all = new ArrayList<>(objects);
    for (int i = 0; i < (SegmentTable.SEGMENT_PAGES - 2) * SmallHeap.PER_PAGE; i++) {
      all.add(heap.allocate(Heat.COLD));
    }
    fillFarMemory(0);
    assertTrue(cold.canAddPage());
    rule.want(segment);
    heap.drain(evacuator);
    int moved = heap.listener.objectsEvacuated;
    assertEquals(2 * SmallHeap.PER_PAGE, moved);
    assertTrue(heap.pages(segment, PageWord.QUIET) > 0);
    assertEquals(SegmentTable.State.CLEANING, heap.memory.segments().state(segment));
    heap.check(all);
    dying.forEach(heap::free);
    heap.drain(recycler());
    heap.drain(evacuator);
    assertEquals(0, heap.pages(segment, PageWord.QUIET));
    assertTrue(heap.listener.objectsEvacuated > moved);
    heap.check(all);
    heap.recount(all);
  }

  @Test
  void itKeepsToItsShareOfTheProcessor() {
    double share = 0.25;
    Evacuator sparing = heap.evacuator(share, 1L << 40, rule);
    List<Long> objects = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      objects.addAll(heap.fillSegment());
    }
    heap.nanosPerLook = 20_000;
    long start = heap.nowNanos;
    Recycler recycler = recycler();
    long longest = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i % SmallHeap.PER_SEGMENT == 0) {
        rule.want(objects.stream().mapToInt(heap::segment).distinct().toArray());
      }
      long before = heap.listener.evacuatorNanos;
      sparing.doWork();
      longest = Math.max(longest, heap.listener.evacuatorNanos - before);
      if (i % 50 == 0) {
        heap.memory.log(Heat.COLD, 0).seal();
        recycler.doWork();
      }
    }
    long elapsed = heap.nowNanos - start;
    long burst = 2_000_000 + longest;
    assertTrue(heap.listener.evacuatorNanos <= share * elapsed + burst, "more than its share");
    assertTrue(heap.listener.evacuatorNanos > share / 8 * elapsed, "hardly did anything");
    heap.check(objects);
  }

  @Test
  void itKeepsToItsBandwidth() {
    long bytesPerSecond = 4 << 20;
    Evacuator sparing = heap.evacuator(1, bytesPerSecond, rule);
    List<Long> objects = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<Long> more = heap.fillSegment();
      int segment = heap.segment(more.getFirst());
      heap.goOut(segment, false);
      rule.want(segment);
      objects.addAll(more);
    }
    long start = heap.nowNanos;
    for (int i = 0; i < 20_000; i++) {
      heap.nowNanos += 10_000;
      sparing.doWork();
      double seconds = (heap.nowNanos - start) / 1e9;
      double most = (1 << 20) + Evacuator.BATCH * PageWord.PAGE_BYTES + seconds * bytesPerSecond;
      assertTrue(heap.listener.bytesRead <= most, "more than its bandwidth");
    }
    assertTrue(heap.listener.bytesRead > 1 << 20, "it never had to wait");
    heap.check(objects);
  }
}
