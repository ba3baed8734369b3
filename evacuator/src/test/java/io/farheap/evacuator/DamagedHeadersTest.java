package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that come back from far memory with a bit turned over: the records decide. */
final class DamagedHeadersTest {
  private static final int LARGE_PAGES = 8;
  private static final int LENGTH_BIT = 3;
  private static final int INDEX_BIT = 24;

  private final SmallHeap heap = new SmallHeap(4);
  private final FixedRule rule = new FixedRule();
  private final Evacuator evacuator = heap.evacuator(rule);

  /** Large objects in far memory, with a bit of the first one's header turned over. */
  private List<Long> damagedLarge(int bit) {
    List<Long> large = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      large.add(heap.allocateLarge(LARGE_PAGES));
    }
    heap.memory.largeLog().seal();
    large.forEach(heap::goOut);
    heap.far.damage(heap.page(large.getFirst()), 0, 1L << bit);
    return large;
  }

  @ParameterizedTest
  @ValueSource(ints = {LENGTH_BIT, 12, 14, 16, 23})
  void aLargeObjectMovesWithTheLengthOfItsRecord(int bit) {
    List<Long> large = damagedLarge(bit);
    int segment = heap.segment(large.getFirst());
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(large.size(), heap.listener.objectsEvacuated);
    assertTrue(heap.listener.damagedSeen > 0, "nobody was told");
    heap.check(large);
    heap.drain(new Recycler(heap.memory, heap.listener, heap.clock));
    assertEquals(SegmentTable.State.FREE, heap.memory.segments().state(segment));
    heap.recount(large);
  }

  @ParameterizedTest
  @ValueSource(ints = {INDEX_BIT, 30, 40, 52, 63})
  void aLargeObjectWhoseRecordIsNotFoundStays(int bit) {
    List<Long> large = damagedLarge(bit);
    int segment = heap.segment(large.getFirst());
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(large.size() - 1, heap.listener.objectsEvacuated);
    assertEquals(segment, heap.segment(large.getFirst()));
    assertEquals(0, heap.pages(segment, PageWord.QUIET));
    heap.check(large);
    heap.recount(large);
  }

  @ParameterizedTest
  @ValueSource(ints = {LENGTH_BIT, 4, 7, 12, 23})
  void anObjectMovesWithTheLengthOfItsRecord(int bit) {
    int objects = moveDamaged(bit, true);
    assertEquals(objects, heap.listener.objectsEvacuated);
    assertTrue(heap.listener.damagedSeen > 0, "nobody was told");
  }

  @ParameterizedTest
  @ValueSource(ints = {INDEX_BIT, 30, 40, 52, 63})
  void aPageWithAnObjectWhoseRecordIsNotFoundStays(int bit) {
    int objects = moveDamaged(bit, true);
    assertEquals(objects - SmallHeap.PER_PAGE, heap.listener.objectsEvacuated, "of the others");
  }

  @ParameterizedTest
  @ValueSource(ints = {LENGTH_BIT, 4, 7, 12, 23, INDEX_BIT, 30, 40, 52, 63})
  void damagedPagesOfTheObjectPathDoNoHarm(int bit) {
    int _ = moveDamaged(bit, false);
  }

  /** One header of a segment is damaged in far memory; whatever moves keeps its bytes. */
  private int moveDamaged(int bit, boolean paging) {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    heap.goOut(segment, paging);
    long damaged = heap.page(objects.getFirst());
    heap.far.damage(damaged, 2 * SmallHeap.FOOTPRINT, 1L << bit);
    rule.want(segment);
    heap.drain(evacuator);
    assertEquals(0, heap.pages(segment, PageWord.QUIET), "one that nothing empties");
    heap.check(objects);
    heap.recount(objects);
    return objects.size();
  }

  /** A page that was rescued and left, while it was a victim, and what is in its frame now. */
  private void leaveMeanwhile(long object) {
    long page = heap.page(object);
    int frame = heap.frame(page);
    assertEquals(PageWord.LEAVING, heap.state(page));
    assertTrue(heap.memory.pageTable().rescue(page, heap.memory.pageTable().load(page)));
    long leaving = heap.memory.pageTable().unmap(page, heap.memory.pageTable().load(page));
    heap.far.store(page, heap.memory.frameRawAddress(frame));
    assertTrue(heap.memory.pageTable().leave(page, leaving, true));
    heap.memory.giveFrame(frame);
    heap.memory.frameSegment(frame).fill((byte) 0x5A);
    heap.memory.frameTable().markCards(frame, 0, PageWord.PAGE_BYTES);
  }

  @Test
  void theEvacuatorReadsNoHeaderInAFrameThatIsAnotherPages() {
    List<Long> objects = heap.fillSegment();
    int segment = heap.segment(objects.getFirst());
    int slot = heap.memory.epochs().enter(0);
    rule.want(segment);
    while (heap.pages(segment, PageWord.LEAVING) == 0) {
      heap.nowNanos += 1_000_000;
      int _ = evacuator.doWork();
    }
    leaveMeanwhile(objects.getFirst());
    heap.memory.epochs().exit(slot);
    heap.drain(evacuator);
    assertEquals(0, heap.listener.damagedSeen);
    heap.check(objects);
  }

  @Test
  void theEvictorReadsNoHeaderInAFrameThatIsAnotherPages() {
    List<Long> objects = heap.fillSegment();
    Watermarks watermarks = new Watermarks(SmallHeap.FRAMES - 8, SmallHeap.FRAMES - 8);
    Evictor evictor =
        new Evictor(
            heap.memory,
            new EvictionSettings(watermarks, new HybridPolicy(0.8), false, false, true),
            heap.far,
            heap.listener,
            heap.clock);
    int slot = heap.memory.epochs().enter(0);
    while (heap.pages(heap.segment(objects.getFirst()), PageWord.LEAVING) == 0) {
      int _ = evictor.doWork();
    }
    leaveMeanwhile(objects.getFirst());
    heap.memory.epochs().exit(slot);
    for (int i = 0; i < 10; i++) {
      int _ = evictor.doWork();
    }
    assertEquals(0, heap.listener.damagedSeen);
    heap.check(objects);
  }
}
