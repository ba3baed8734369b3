package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.Handle;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One object on its way, while others do something to it between the look and the move. */
final class ObjectMoverTest {
  private final SmallHeap heap = new SmallHeap(2);
  private final ObjectMover mover = new ObjectMover(heap.memory, true);
  private final PageWalk walk = new PageWalk(heap.memory, heap.listener);
  private final List<Long> objects = heap.fillSegment();
  private final long first = objects.getFirst();
  private final long page = heap.page(first);
  private int frame;

  @BeforeEach
  void makeQuiet() {
    frame = heap.frame(page);
    long leaving = heap.memory.pageTable().unmap(page, heap.memory.pageTable().load(page));
    assertTrue(heap.memory.pageTable().quiet(page, leaving) != 0);
    assertTrue(mover.prepare());
    walk.start(page, frame);
    assertTrue(walk.next());
    assertEquals(Handle.index(first), walk.index());
  }

  private void recount() {
    mover.rest();
    heap.memory.log(Heat.COLD, 0).seal();
    heap.memory.log(Heat.HOT, 0).seal();
    heap.check(objects);
    heap.recount(objects);
    for (int f = 0; f < SmallHeap.FRAMES; f++) {
      assertEquals(0, heap.memory.frameTable().pins(f), "pins of frame " + f);
    }
  }

  @Test
  void movesTheObjectAndItsLiveBytes() {
    int before = heap.memory.segments().pageLive(page);
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(Heat.COLD, heap.heat(first));
    assertEquals(before - SmallHeap.FOOTPRINT, heap.memory.segments().pageLive(page));
    assertEquals(1, mover.takeMovedObjects());
    assertEquals(SmallHeap.FOOTPRINT, mover.takeMovedBytes());
    recount();
  }

  @Test
  void losesToAFree() {
    heap.free(first);
    objects.removeFirst();
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(0, mover.takeMovedObjects());
    recount();
  }

  @Test
  void losesToAFreeAndAnotherObjectInItsRecord() {
    heap.free(first);
    objects.removeFirst();
    long next = heap.allocate();
    objects.add(next);
    assertEquals(Handle.index(first), Handle.index(next), "the record is used again");
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(0, mover.takeMovedObjects());
    heap.memory.log(Heat.PLAIN, 0).seal();
    recount();
  }

  @Test
  void losesToAThreadThatHelps() {
    ObjectMover helper = new ObjectMover(heap.memory, false);
    assertTrue(helper.prepare());
    assertTrue(helper.move(walk, Heat.HOT));
    helper.rest();
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(0, mover.takeMovedObjects());
    assertEquals(Heat.HOT, heap.heat(first));
    recount();
  }

  @Test
  void anAccessBitThatIsSetMeanwhileDoesNotStopIt() {
    heap.memory.records().setAccess(Handle.index(first), heap.place(first));
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(1, mover.takeMovedObjects());
    assertFalse(PlaceWord.accessed(heap.place(first)));
    recount();
  }

  @Test
  void aNewOwnerDoesNotStopIt() {
    assertEquals(2, heap.memory.records().addOwner(first));
    assertTrue(mover.move(walk, Heat.COLD));
    assertEquals(1, mover.takeMovedObjects());
    assertEquals(1, heap.memory.records().removeOwner(first));
    recount();
  }

  @Test
  void withoutRoomTheObjectStays() {
    LogBuffer cold = heap.memory.log(Heat.COLD, 0);
    while (heap.memory.segments().freeSegments() > 0) {
      assertTrue(heap.memory.segments().take(Heat.COLD) != SegmentTable.NONE);
    }
    assertFalse(mover.hasRoom(Heat.COLD));
    assertFalse(mover.move(walk, Heat.COLD));
    assertFalse(cold.canAddPage());
    assertEquals(page, heap.page(first));
    recount();
  }

  @Test
  void theWalkMeetsWhoStillLivesThere() {
    List<Long> onPage = new ArrayList<>(objects.subList(0, SmallHeap.PER_PAGE));
    assertTrue(mover.move(walk, Heat.COLD));
    heap.free(onPage.get(2));
    objects.remove(2);
    walk.start(page, frame);
    List<Long> met = new ArrayList<>();
    while (walk.next()) {
      met.add(walk.index());
    }
    onPage.remove(2);
    onPage.removeFirst();
    assertEquals(onPage.stream().map(Handle::index).toList(), met);
    recount();
  }

  @Test
  void theMarkedWalkMeetsOnlyWhoseCardsAreMarked() {
    walk.startMarked(page, frame);
    assertFalse(walk.next());
    long touched = objects.get(5);
    heap.memory
        .frameTable()
        .markCards(frame, (int) PlaceWord.offsetInPage(heap.place(touched)), SmallHeap.FOOTPRINT);
    walk.startMarked(page, frame);
    assertTrue(walk.next());
    assertEquals(Handle.index(touched), walk.index());
    assertEquals(PageWord.QUIET, heap.state(page));
  }

  @Test
  void survivorsAreTheAccessedOnes() {
    List<Long> hot = objects.subList(2, 5);
    for (long handle : hot) {
      heap.memory
          .frameTable()
          .markCards(frame, (int) PlaceWord.offsetInPage(heap.place(handle)), SmallHeap.FOOTPRINT);
      heap.memory.records().setAccess(Handle.index(handle), heap.place(handle));
    }
    mover.rest();
    int free = heap.memory.frames().free();
    new Survivors(heap.memory, heap.listener).move(page, frame);
    assertEquals(hot.size(), heap.listener.survivors);
    hot.forEach(handle -> assertEquals(Heat.HOT, heap.heat(handle)));
    assertEquals(page, heap.page(first));
    assertEquals(free - 1, heap.memory.frames().free(), "one page of the log, no frame lost");
    recount();
  }

  @Test
  void withoutFramesNobodySurvives() {
    heap.memory
        .frameTable()
        .markCards(frame, (int) PlaceWord.offsetInPage(heap.place(first)), SmallHeap.FOOTPRINT);
    heap.memory.records().setAccess(Handle.index(first), heap.place(first));
    mover.rest();
    List<Integer> taken = heap.takeFrames(SmallHeap.RESERVE);
    new Survivors(heap.memory, heap.listener).move(page, frame);
    assertEquals(0, heap.listener.survivors);
    assertEquals(SmallHeap.RESERVE, heap.memory.frames().free());
    taken.forEach(heap.memory::giveFrame);
    recount();
  }
}
