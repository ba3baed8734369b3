package io.farheap.broken;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What classes that ship call instead, so that a {@link Rule} is left out. */
public final class Breaks {
  private static final long PATH_SELECTOR_FLAG =
      IntStream.range(0, Long.SIZE)
          .mapToLong(bit -> 1L << bit)
          .filter(PageWord::paging)
          .findFirst()
          .orElseThrow();

  /** Whether a frame was dirty when its page was unmapped. */
  private final Map<Integer, Boolean> dirtyBefore = new HashMap<>();

  /** Frames that a scope is still to pin. */
  private final Set<Integer> unpinned = new HashSet<>();

  /** Words of pages as they were when the evacuator asked for them. */
  private final Map<Long, Long> wordsRead = new HashMap<>();

  /** Pages of the run that the evacuator looked at last. */
  private int lastLength;

  private static Breaks now() {
    return RuleBreaker.now().breaks;
  }

  private static HeapMemory memory() {
    return RuleBreaker.now().memory();
  }

  public static boolean yes(boolean unused) {
    return true;
  }

  public static boolean no(boolean unused) {
    return false;
  }

  public static int lookAtLength(HeapMemory memory, long page) {
    now().lastLength = memory.runPages(page);
    now().wordsRead.put(page, memory.pageTable().load(page));
    return now().lastLength;
  }

  public static long wordWhenRead(PageTable pageTable, long page) {
    return now().wordsRead.get(page);
  }

  public static boolean pagingIfLong(boolean paging) {
    return paging && now().lastLength > 1;
  }

  public static int zero(int unused) {
    return 0;
  }

  public static int pinsOfRuns(FrameTable frameTable, int frame) {
    return small(frameTable.page(frame)) ? 0 : frameTable.pins(frame);
  }

  private static boolean small(long page) {
    SegmentTable segments = memory().segments();
    return page != FrameTable.NO_PAGE && segments.heat(SegmentTable.segmentOf(page)) != Heat.LARGE;
  }

  public static long oneLess(long number) {
    return number - 1;
  }

  public static boolean orSo(boolean answer) {
    return answer || RuleBreaker.now().chance(4);
  }

  public static PageTrip.Status done(PageTrip unused) {
    return PageTrip.Status.DONE;
  }

  public static PageTrip.Status believed(PageTrip.Status status) {
    return status == PageTrip.Status.FAILED ? PageTrip.Status.DONE : status;
  }

  public static boolean startFetchAgainstTheFlag(PageTable pageTable, long page, long word) {
    long paging = word | PATH_SELECTOR_FLAG;
    long address = pageTable.region().rawAddress() + page * Long.BYTES;
    return (paging == word || NativeMemory.compareAndSetLong(address, word, paging))
        && pageTable.startFetch(page, paging);
  }

  public static long keepInsteadOfQuiet(PageTable pageTable, long page, long leaving) {
    return pageTable.keep(page, leaving) ? pageTable.load(page) : 0;
  }

  public static void copyWhatWasThere(
      long sourceRawAddress, long targetRawAddress, long lengthBytes) {
    MemorySegment before = Meetings.whenUnmapped(sourceRawAddress, lengthBytes);
    if (before == null) {
      NativeMemory.copy(sourceRawAddress, targetRawAddress, lengthBytes);
    } else {
      NativeMemory.view(targetRawAddress, lengthBytes).copyFrom(before);
    }
  }

  public static int giveBackIfDead(SegmentTable segments, long page) {
    int live = segments.pageLive(page);
    if (live == 0) {
      long word = memory().pageTable().load(page);
      boolean _ = memory().recycleRun(page, word, memory().runPages(page));
    }
    return live;
  }

  public static boolean givenBack(HeapMemory memory, long page, long word, int pages) {
    return PageWord.state(word) == PageWord.FREE || memory.recycleRun(page, word, pages);
  }

  public static boolean leaveForThePagingPath(
      PageTable pageTable, long page, long leaving, boolean flag) {
    return pageTable.leave(page, leaving, true);
  }

  public static void readAndGiveTheFrame(
      PageTrip trip, long farAddress, long rawAddress, int length) {
    trip.read(farAddress, rawAddress, length);
    long inPool = rawAddress - memory().frameRawAddress(0);
    memory().giveFrame((int) (inPool / PageWord.PAGE_BYTES));
  }

  public static void keepTheFrame(HeapMemory memory, int frame) {}

  public static void keepTheFrames(HeapMemory memory, int firstFrame, int length) {}

  public static SegmentTable.State closedThoughCleaned(SegmentTable segments, int segment) {
    if (segments.state(segment) == SegmentTable.State.CLEANING && segments.isDead(segment)) {
      segments.endCleaning(segment);
    }
    return segments.state(segment);
  }

  public static long unmapAndLookAtDirty(PageTable pageTable, long page, long word) {
    int frame = PageWord.frame(word);
    now().dirtyBefore.put(frame, memory().frameTable().dirty(frame));
    return Interleaving.unmap(pageTable, page, word);
  }

  public static boolean dirtyWhenUnmapped(FrameTable frameTable, int frame) {
    return now().dirtyBefore.get(frame);
  }

  public static void endTheLastAndWrite(
      PageTrip trip, long farAddress, long rawAddress, int length) {
    PageTrip.Status _ = trip.end();
    trip.write(farAddress, rawAddress, length);
  }

  public static boolean installWhateverIsThere(
      RecordTable records, long index, long seen, long farAddress, boolean access) {
    RuleBreaker.now().othersMeet(index);
    records.publish(index, farAddress, access);
    return true;
  }

  public static void doNotCount(SegmentTable segments, long page, int footprintBytes) {}

  public static void pinLater(FrameTable frameTable, int frame) {
    now().unpinned.add(frame);
  }

  public static void parkAndThenPin(Epochs epochs, int slot) {
    epochs.park(slot);
    RuleBreaker.now().agentsAct();
    now().unpinned.forEach(memory().frameTable()::pin);
    now().unpinned.clear();
  }
}
