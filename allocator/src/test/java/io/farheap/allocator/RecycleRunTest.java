package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Dead pages give their frames back, and no others do. */
final class RecycleRunTest {
  private static final int RUN_BODY = 3 * PageWord.PAGE_BYTES - ObjectHeader.BYTES;

  private final SmallMemory small = new SmallMemory();
  private final HeapMemory memory = small.memory;
  private final int free = memory.frames().free();
  private final long page = deadPage();

  private long deadPage() {
    long handle = small.allocate(1);
    long closed = small.page(handle);
    memory.sealLogs();
    small.free(handle);
    return closed;
  }

  private void assertRecycled(long recycled, int pages) {
    for (int i = 0; i < pages; i++) {
      assertEquals(PageWord.FREE, small.state(recycled + i));
    }
    assertEquals(free, memory.frames().free());
  }

  @Test
  void aLocalPageGivesItsFrameBack() {
    assertTrue(memory.recycleRun(page, small.word(page), 1));
    assertRecycled(page, 1);
    assertFalse(memory.recycleRun(page, small.word(page), 1), "free already");
  }

  @Test
  void aLeavingPageDoesSo() {
    long leaving = small.unmap(page);
    assertTrue(memory.recycleRun(page, leaving, 1));
    assertRecycled(page, 1);
  }

  @Test
  void aQuietPageDoesSo() {
    long quiet = memory.pageTable().quiet(page, small.unmap(page));
    assertTrue(memory.recycleRun(page, quiet, 1));
    assertRecycled(page, 1);
  }

  @Test
  void aRemotePageHasNone() {
    small.sendAway(page);
    assertTrue(memory.recycleRun(page, small.word(page), 1));
    assertRecycled(page, 1);
  }

  @Test
  void aRunGivesAllItsFramesBack() {
    assertTrue(memory.recycleRun(page, small.word(page), 1));
    int frames = memory.frames().tryTakeRun(3, false);
    long run = FarAddress.page(memory.largeLog().reserve(1, RUN_BODY, frames));
    memory.abandon(FarAddress.ofPage(run), RUN_BODY);
    assertTrue(memory.recycleRun(run, small.word(run), memory.runPages(run)));
    assertRecycled(run, 3);
  }

  @Test
  void aPinnedPageStays() {
    int frame = PageWord.frame(small.word(page));
    memory.frameTable().pin(frame);
    assertFalse(memory.recycleRun(page, small.word(page), 1));
    memory.frameTable().unpin(frame);
    assertTrue(memory.recycleRun(page, small.word(page), 1));
  }

  @Test
  void aPageBeingWrittenStays() {
    long writing = memory.pageTable().startWrite(page, small.unmap(page));
    assertFalse(memory.recycleRun(page, writing, 1));
    assertEquals(PageWord.LEAVING, small.state(page));
  }

  @Test
  void aPageBeingFetchedStays() {
    small.sendAway(page);
    assertTrue(memory.pageTable().startFetch(page, small.word(page)));
    assertFalse(memory.recycleRun(page, small.word(page), 1));
  }

  @Test
  void aPageThatChangedStays() {
    long seen = small.word(page);
    assertTrue(memory.pageTable().rescue(page, small.unmap(page)));
    assertFalse(memory.recycleRun(page, seen, 1));
    assertEquals(PageWord.LOCAL, small.state(page));
  }
}
