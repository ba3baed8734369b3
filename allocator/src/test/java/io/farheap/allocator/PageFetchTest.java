package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.PageFetch.Reason;
import io.farheap.allocator.PageTrip.Status;
import io.farheap.base.memory.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A page on its way in: what comes, what does not, and who gets the frames. */
final class PageFetchTest {
  /** Answers as a test tells it to. */
  private static final class Far implements FarPages, PageTrip {
    final List<Long> ended = new ArrayList<>();
    Status answer = Status.DONE;
    RuntimeException onRead;
    RuntimeException onEnd;
    int lengthBytes;

    @Override
    public PageTrip trip() {
      return this;
    }

    @Override
    public void flush() {}

    @Override
    public void fetchEnded(long page) {
      ended.add(page);
    }

    @Override
    public void read(long farAddress, long rawAddress, int bytes) {
      if (onRead != null) {
        throw onRead;
      }
      lengthBytes = bytes;
      NativeMemory.putLong(rawAddress, farAddress);
    }

    @Override
    public void write(long farAddress, long rawAddress, int bytes) {
      throw new AssertionError("a fetch writes nothing");
    }

    @Override
    public Status poll() {
      return Status.PENDING;
    }

    @Override
    public Status end() {
      if (onEnd != null) {
        throw onEnd;
      }
      return answer;
    }
  }

  private final SmallMemory small = new SmallMemory();
  private final HeapMemory memory = small.memory;
  private final Far far = new Far();
  private final PageFetch fetch = new PageFetch(memory, far, far.trip());
  private final long page = remotePage();
  private final int free = memory.frames().free();

  private long remotePage() {
    long remote = small.page(small.allocate(1));
    memory.sealLogs();
    small.sendAway(remote);
    return remote;
  }

  /** A large object's run of three pages, remote. */
  private long remoteRun() {
    long handle = memory.records().allocate(0, 3 * PageWord.PAGE_BYTES - ObjectHeader.BYTES);
    int frames = memory.frames().tryTakeRun(3, false);
    long target =
        memory
            .largeLog()
            .reserve(Handle.index(handle), 3 * PageWord.PAGE_BYTES - ObjectHeader.BYTES, frames);
    memory.records().publish(Handle.index(handle), target, false);
    memory.finish(target);
    small.sendAway(FarAddress.page(target));
    return FarAddress.page(target);
  }

  private int begin(Reason reason) {
    int frame = memory.frames().tryTake(false);
    assertTrue(fetch.begin(reason, page, small.word(page), frame, 1));
    assertEquals(PageWord.FETCHING, small.state(page));
    return frame;
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aPageThatCameIsMappedAsItsReasonSays(Reason reason) {
    int frame = begin(reason);
    assertTrue(fetch.finish());
    assertEquals(PageWord.LOCAL, small.state(page));
    assertEquals(frame, PageWord.frame(small.word(page)));
    assertEquals(reason == Reason.MISS, PageWord.referenced(small.word(page)));
    assertEquals(reason == Reason.AHEAD, memory.frameTable().ahead(frame));
    assertTrue(memory.frameTable().fetched(frame));
    assertFalse(memory.frameTable().dirty(frame));
    assertEquals(page, memory.frameTable().page(frame));
    assertEquals(FarAddress.ofPage(page), NativeMemory.getLong(memory.frameRawAddress(frame)));
    assertEquals(List.of(page), far.ended);
  }

  @Test
  void aRunIsMappedWhole() {
    long run = remoteRun();
    int frame = memory.frames().tryTakeRun(3, false);
    assertTrue(fetch.begin(Reason.MISS, run, small.word(run), frame, 3));
    assertEquals(3 * PageWord.PAGE_BYTES, far.lengthBytes);
    assertTrue(fetch.finish());
    for (int i = 0; i < 3; i++) {
      assertEquals(run + i, memory.frameTable().page(frame + i));
    }
    assertEquals(PageWord.LOCAL, small.state(run));
    assertEquals(3, memory.runPages(run));
  }

  @Test
  void aPageThatDidNotComeIsRemoteAgain() {
    begin(Reason.MISS);
    far.answer = Status.FAILED;
    assertFalse(fetch.finish());
    assertEquals(PageWord.REMOTE, small.state(page));
    assertTrue(PageWord.paging(small.word(page)));
    assertEquals(free, memory.frames().free());
    assertEquals(List.of(page), far.ended);
  }

  @Test
  void whoComesSecondGivesItsFrameBack() {
    long seen = small.word(page);
    begin(Reason.MISS);
    int frame = memory.frames().tryTake(false);
    assertFalse(new PageFetch(memory, far, far.trip()).begin(Reason.MISS, page, seen, frame, 1));
    assertEquals(free - 1, memory.frames().free());
    assertTrue(fetch.finish());
  }

  @Test
  void whatCannotBeAskedForLeavesNothingBehind() {
    far.onRead = new IllegalStateException("not sent");
    far.answer = Status.DONE; // of the page before this one
    int frame = memory.frames().tryTake(false);
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> fetch.begin(Reason.MISS, page, small.word(page), frame, 1));
    assertEquals("not sent", thrown.getMessage());
    assertEquals(PageWord.REMOTE, small.state(page));
    assertEquals(free, memory.frames().free());
    assertEquals(List.of(page), far.ended);
  }

  /** Bytes may still land in the frame: nobody else may get it. */
  @Test
  void aFrameWhoseTripCannotBeEndedIsGivenToNobody() {
    begin(Reason.MISS);
    far.onEnd = new IllegalStateException("not fenced");
    assertThrows(IllegalStateException.class, fetch::finish);
    assertEquals(free - 1, memory.frames().free());
    assertEquals(PageWord.REMOTE, small.state(page), "whoever wants it fetches it anew");
    assertEquals(List.of(page), far.ended);
  }
}
