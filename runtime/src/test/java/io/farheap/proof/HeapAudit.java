package io.farheap.proof;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.SegmentTable;
import io.farheap.internal.HeapRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Recounts a heap that nobody uses: every record, page, frame, pin, live byte and segment state is
 * counted anew from the records and the page table, and must agree with what the heap keeps.
 *
 * <p>All disagreements are collected; one that is repeated thousands of times is cut short.
 */
public final class HeapAudit {
  private static final int MOST_FINDINGS = 20;
  private static final long MOST_NANOS = 60_000_000_000L;

  /** What the test knows of an object that lives. */
  public record Expected(long handle, int bodyBytes, int owners) {}

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FrameTable frameTable;
  private final RecordTable records;
  private final SegmentTable segments;
  private final List<String> findings = new ArrayList<>();
  private final Map<Long, Integer> liveByPage = new TreeMap<>();
  private final Map<Long, List<Long>> objectsByPage = new TreeMap<>();
  private final long[] ownerOfFrame;

  private HeapAudit(HeapMemory memory) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.frameTable = memory.frameTable();
    this.records = memory.records();
    this.segments = memory.segments();
    this.ownerOfFrame = new long[memory.frames().frames()];
    Arrays.fill(ownerOfFrame, FrameTable.NO_PAGE);
  }

  /**
   * Recounts.
   *
   * @param live every object that lives
   * @param pinned handles of objects that are pinned, once for each pin
   * @throws AssertionError with all that disagrees
   */
  public static void check(HeapMemory memory, Collection<Expected> live, Collection<Long> pinned) {
    HeapAudit audit = new HeapAudit(memory);
    audit.countRecords(live);
    audit.countPages();
    audit.countFrames(pinned);
    audit.countSegments();
    audit.walkObjects();
    if (!audit.findings.isEmpty()) {
      throw new AssertionError("audit: " + String.join("\n  ", audit.findings));
    }
  }

  /**
   * Audits a heap whose agents have a thread of their own and may be about to end something: tries
   * again until it holds, and after a minute fails as the last time.
   */
  static void atRest(HeapRuntime runtime, Runnable audit) {
    long giveUpNanos = System.nanoTime() + MOST_NANOS;
    while (true) {
      try {
        audit.run();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() - giveUpNanos > 0) {
          throw e;
        }
        runtime.step();
        LockSupport.parkNanos(1_000); // lets the thread of the agents on
      }
    }
  }

  /** Notes a finding; the numbers are put into words only then. */
  private void same(long found, long expected, String what, long where) {
    if (found != expected && findings.size() < MOST_FINDINGS) {
      findings.add(what + " of " + where + " is " + found + ", expected " + expected);
    }
  }

  private void never(boolean holds, String what, long where) {
    if (holds && findings.size() < MOST_FINDINGS) {
      findings.add(what + ": " + where);
    }
  }

  private void countRecords(Collection<Expected> live) {
    same(memory.epochs().openScopes(), 0, "open scopes", 0);
    same(records.live(), live.size(), "records", 0);
    for (Expected object : live) {
      long index = Handle.index(object.handle());
      long owner = records.loadOwner(index);
      never(PlaceWord.isNull(records.loadPlace(index)), "record without a place", index);
      long generation = Handle.generation(object.handle());
      same(OwnerWord.generation(owner), generation, "generation", index);
      same(OwnerWord.size(owner), object.bodyBytes(), "size", index);
      same(OwnerWord.owners(owner), object.owners(), "owners", index);
    }
    int placed = 0;
    for (long index = 1; index < records.limit(); index++) {
      long place = records.loadPlace(index);
      if (PlaceWord.isNull(place)) {
        continue;
      }
      placed++;
      long page = PlaceWord.page(place);
      int bodyBytes = OwnerWord.size(records.loadOwner(index));
      liveByPage.merge(page, ObjectHeader.footprint(bodyBytes), Integer::sum);
      objectsByPage.computeIfAbsent(page, p -> new ArrayList<>()).add(index);
    }
    same(placed, live.size(), "records with a place", 0);
  }

  private void countPages() {
    long liveBytes = 0;
    for (long page = 0; page < segments.pagesInSlabs(); page++) {
      long word = pageTable.load(page);
      int live = liveByPage.getOrDefault(page, 0);
      liveBytes += live;
      same(segments.pageLiveBytes(page), live, "live bytes of page", page);
      never(PageWord.writeInFlight(word), "page being written", page);
      switch (PageWord.state(word)) {
        case PageWord.FREE -> never(live > 0, "free page with objects", page);
        case PageWord.LOCAL, PageWord.LEAVING, PageWord.QUIET -> claimRun(page, word);
        case PageWord.REMOTE -> never(isOpen(page), "remote page that is open", page);
        case PageWord.BODY -> countBody(page, word);
        default -> never(true, PageWord.describe(word) + " in a heap at rest", page);
      }
    }
    same(segments.liveBytes(), liveBytes, "live bytes", 0);
  }

  private boolean isOpen(long page) {
    return segments.pageLive(page) >= SegmentTable.OPEN_PAGE;
  }

  private void claimRun(long head, long word) {
    int pages = memory.runPages(head);
    for (int i = 0; i < pages; i++) {
      int frame = PageWord.frame(word) + i;
      same(ownerOfFrame[frame], FrameTable.NO_PAGE, "second owner of frame", frame);
      ownerOfFrame[frame] = head + i;
      same(frameTable.page(frame), head + i, "page of frame", frame);
    }
  }

  private void countBody(long page, long word) {
    long head = page - PageWord.frame(word);
    int headState = PageWord.state(pageTable.load(head));
    never(head == page || headState == PageWord.BODY, "body without a head", page);
    never(headState == PageWord.FREE || headState == PageWord.QUIET, "body of no run", page);
    never(segments.heat(SegmentTable.segmentOf(page)) != Heat.LARGE, "body among small", page);
  }

  private void countFrames(Collection<Long> pinned) {
    int[] pins = new int[ownerOfFrame.length];
    for (long handle : pinned) {
      long page = PlaceWord.page(records.loadPlace(Handle.index(handle)));
      pins[PageWord.frame(pageTable.load(page))]++;
    }
    int free = 0;
    for (int frame = 0; frame < ownerOfFrame.length; frame++) {
      long page = ownerOfFrame[frame];
      if (page == FrameTable.NO_PAGE) {
        free++;
        same(frameTable.page(frame), FrameTable.NO_PAGE, "page of nobody's frame", frame);
      } else if (isOpen(page)) {
        pins[frame]++;
      }
      same(frameTable.pins(frame), pins[frame], "pins of frame", frame);
    }
    same(memory.frames().free(), free, "free frames", 0);
  }

  private void countSegments() {
    int inSlabs = (int) (segments.pagesInSlabs() / SegmentTable.SEGMENT_PAGES);
    int free = 0;
    for (int segment = 0; segment < inSlabs; segment++) {
      SegmentTable.State state = segments.state(segment);
      boolean isFree = state == SegmentTable.State.FREE;
      free += segment > 0 && isFree ? 1 : 0;
      long first = SegmentTable.firstPage(segment);
      for (long page = first; page < first + SegmentTable.SEGMENT_PAGES; page++) {
        boolean used = PageWord.state(pageTable.load(page)) != PageWord.FREE;
        never(isFree && used, "page in use in a free segment", page);
        never(
            (isFree || state == SegmentTable.State.PENDING) && segments.pageLive(page) != 0,
            "live page in a dead segment",
            page);
        never(
            isOpen(page) && state != SegmentTable.State.OPEN,
            "open page in a segment that is not",
            page);
      }
    }
    same(segments.freeSegments(), free, "free segments", 0);
  }

  /** Every local object's header names its record, and is found by walking its page. */
  private void walkObjects() {
    objectsByPage.forEach(
        (page, indices) -> {
          long word = pageTable.load(page);
          if (PageWord.state(word) == PageWord.REMOTE) {
            return;
          }
          List<Long> found = new ArrayList<>();
          long rawAddress = memory.frameRawAddress(PageWord.frame(word));
          int offset = 0;
          while (offset < PageWord.PAGE_BYTES) {
            long header = ObjectHeader.load(rawAddress + offset);
            if (header == 0) {
              break;
            }
            long index = ObjectHeader.recordIndex(header);
            long farAddress = FarAddress.ofPage(page) + offset;
            if (index < records.limit()
                && PlaceWord.farAddress(records.loadPlace(index)) == farAddress) {
              found.add(index);
              int size = OwnerWord.size(records.loadOwner(index));
              same(ObjectHeader.bodyBytes(header), size, "length in the header", index);
            }
            offset += ObjectHeader.footprint(ObjectHeader.bodyBytes(header));
          }
          never(
              found.size() != indices.size() || !found.containsAll(indices),
              "headers found of " + found + " but records say " + indices + " on page",
              page);
        });
  }
}
