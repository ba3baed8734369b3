package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.Heat;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How pages go out that a few of their objects are used of. */
final class EvictorTest {
  private final SmallHeap heap = new SmallHeap(4);

  private Evictor evictor(PathPolicy paths, boolean regrouping) {
    Watermarks watermarks = new Watermarks(SmallHeap.FRAMES - 8, SmallHeap.FRAMES - 8);
    return new Evictor(
        heap.memory,
        new EvictionSettings(watermarks, paths, regrouping, true, true),
        heap.far,
        heap.listener,
        heap.clock);
  }

  /** The clock goes round while one object of a page is used again and again. */
  private void goOutWhileUsed(Evictor evictor, long used) {
    for (int i = 0; i < 200 && heap.listener.pagesLeft < SegmentTable.SEGMENT_PAGES; i++) {
      use(used);
      evictor.doWork();
    }
  }

  private void use(long object) {
    long page = heap.page(object);
    if (heap.state(page) == PageWord.LOCAL) {
      if (!PlaceWord.accessed(heap.place(object))) {
        heap.touch(object);
      }
      heap.memory.pageTable().setReferenced(page, heap.memory.pageTable().load(page));
    }
  }

  @Test
  void theUsedObjectOfAPageSurvives() {
    List<Long> objects = heap.fillSegment();
    long used = objects.getFirst();
    long page = heap.page(used);
    goOutWhileUsed(evictor(PathPolicy.PAGING_ONLY, true), used);
    assertEquals(PageWord.REMOTE, heap.state(page));
    assertFalse(PageWord.paging(heap.memory.pageTable().load(page)), "immutable from now on");
    assertEquals(1, heap.listener.survivors);
    assertEquals(Heat.HOT, heap.heat(used));
    assertEquals(page, heap.page(objects.get(1)));
    heap.check(objects);
    heap.recount(objects);
  }

  @Test
  void withoutRegroupingThePageStaysForIt() {
    List<Long> objects = heap.fillSegment();
    long used = objects.getFirst();
    goOutWhileUsed(evictor(PathPolicy.PAGING_ONLY, false), used);
    assertEquals(0, heap.listener.survivors);
    assertEquals(PageWord.LOCAL, heap.state(heap.page(used)));
    heap.check(objects);
    heap.recount(objects);
  }

  /** A page of the paging path can be fetched and changed as soon as it left. */
  @Test
  void nothingSurvivesOfAPageThatGoesByThePagingPath() {
    List<Long> objects = heap.fillSegment();
    long used = objects.getFirst();
    long page = heap.page(used);
    objects.add(heap.allocate(Heat.HOT)); // there would be room for it
    while (heap.memory.segments().freeSegments() > 1) {
      assertTrue(heap.memory.segments().take(Heat.COLD) != SegmentTable.NONE);
    }
    heap.memory
        .segments()
        .addLive(heap.page(objects.getLast()) + SegmentTable.SEGMENT_PAGES, 1 << 24);
    goOutWhileUsed(evictor(PathPolicy.OBJECT_ONLY, true), used);
    assertEquals(PageWord.REMOTE, heap.state(page));
    assertTrue(PageWord.paging(heap.memory.pageTable().load(page)), "far memory has no room");
    assertEquals(0, heap.listener.survivors);
    assertEquals(page, heap.page(used));
    heap.check(objects);
  }

  /** The frame is the evictor's until its last object is copied. */
  @Test
  void aPageThatLeavesIsNoRoomForItsOwnObjects() {
    List<Long> objects = new ArrayList<>();
    for (int i = 0; i < SmallHeap.PER_PAGE; i++) {
      objects.add(heap.allocate());
    }
    heap.memory.log(Heat.PLAIN, 0).seal();
    long used = objects.getFirst();
    long page = heap.page(used);
    Evictor evictor = evictor(PathPolicy.OBJECT_ONLY, true);
    List<Integer> taken = heap.takeFrames(SmallHeap.RESERVE + 1);
    for (int i = 0; i < 200 && heap.state(page) != PageWord.REMOTE; i++) {
      use(used);
      evictor.doWork();
    }
    assertEquals(PageWord.REMOTE, heap.state(page));
    assertEquals(0, heap.listener.survivors, "it takes two frames, and one was free");
    taken.forEach(heap.memory::giveFrame);
    heap.check(objects);
    heap.recount(objects);
  }
}
