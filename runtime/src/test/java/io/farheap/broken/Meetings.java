package io.farheap.broken;

import static io.farheap.broken.Splice.answer;
import static io.farheap.broken.Splice.instead;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what the relocations that ship met, so that a test sees that they met everything. Breaks
 * no rule.
 */
public final class Meetings {
  static final List<Splice> SPLICES =
      List.of(
          instead("allocator.Relocation#install", "RecordTable.relocate", "Meetings.relocate"),
          instead("evacuator.Evacuator", "PageWord.writeInFlight", "Meetings.writeInFlight"),
          instead("evacuator.Evacuator", "PageTable.unmap", "Meetings.unmap"),
          answer("evacuator.Evacuator", "Grace.passed", "Meetings.passed"),
          instead("evacuator.Evacuator", "PageTable.keep", "Meetings.keep"),
          instead("evacuator.Evacuator", "PageTable.quiet", "Meetings.quiet"));

  private final Map<String, Integer> counts = new TreeMap<>();

  /** The bytes of pages as they were when the evacuator unmapped them, by frame. */
  private final Map<Integer, byte[]> unmapped = new HashMap<>();

  private boolean held;

  private static Meetings now() {
    return RuleBreaker.now().meetings;
  }

  private void note(String what) {
    counts.merge("relocation met " + what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  public static boolean relocate(
      RecordTable records, long index, long seen, long farAddress, boolean access) {
    long owner = records.loadOwner(index);
    boolean won = Interleaving.relocate(records, index, seen, farAddress, access);
    boolean agents = !access; // threads install their copies as accessed
    if (!won) {
      now().noteWinner(agents, seen, records.loadPlace(index));
    } else if (agents && OwnerWord.owners(owner) != OwnerWord.owners(records.loadOwner(index))) {
      now().note("a share");
    }
    return won;
  }

  /** Agents lose to threads, and threads to agents: one agent at a time is stepped. */
  private void noteWinner(boolean agentLost, long seen, long place) {
    HeapMemory memory = RuleBreaker.now().memory();
    int state = PageWord.state(memory.pageTable().load(PlaceWord.page(seen)));
    if (!agentLost) {
      if (!PlaceWord.isNull(place) && !PlaceWord.accessed(place)) {
        note("another relocation");
      }
    } else if (PlaceWord.isNull(place)) {
      note("a free");
    } else {
      note(state == PageWord.REMOTE ? "an object fetch" : "a helping thread");
    }
  }

  public static boolean writeInFlight(long pageWord) {
    boolean writing = PageWord.writeInFlight(pageWord);
    if (writing) {
      now().note("a page-out");
    }
    return writing;
  }

  public static long unmap(PageTable pageTable, long page, long word) {
    long leaving = Interleaving.unmap(pageTable, page, word);
    if (leaving != 0) {
      now().held = false;
      now().unmapped.put(PageWord.frame(leaving), bytes(PageWord.frame(leaving)));
    }
    return leaving;
  }

  private static byte[] bytes(int frame) {
    return RuleBreaker.now().memory().frameSegment(frame).toArray(ValueLayout.JAVA_BYTE);
  }

  public static boolean passed(boolean passed) {
    now().held |= !passed;
    return passed;
  }

  public static boolean keep(PageTable pageTable, long page, long leaving) {
    FrameTable frameTable = RuleBreaker.now().memory().frameTable();
    boolean pinned = frameTable.pins(PageWord.frame(leaving)) > 0;
    boolean kept = pageTable.keep(page, leaving);
    if (!kept) {
      now().note("a rescue"); // the word is the evacuator's until somebody takes the page back
    } else if (pinned) {
      now().note("a pin");
    }
    return kept;
  }

  public static long quiet(PageTable pageTable, long page, long leaving) {
    int frame = PageWord.frame(leaving);
    long quiet = pageTable.quiet(page, leaving);
    if (quiet == 0) {
      now().note("a rescue");
      return quiet;
    }
    if (now().held) {
      now().note("a scope");
    }
    MemorySegment before = MemorySegment.ofArray(now().unmapped.get(frame));
    if (before.mismatch(NativeMemory.view(frameRawAddress(frame), PageWord.PAGE_BYTES)) >= 0) {
      now().note("a write");
    }
    return quiet;
  }

  private static long frameRawAddress(int frame) {
    return RuleBreaker.now().memory().frameRawAddress(frame);
  }

  /**
   * Bytes as they were when the evacuator unmapped the page that they are of.
   *
   * @return null if it did not unmap what is in the frame
   */
  static MemorySegment whenUnmapped(long rawAddress, long lengthBytes) {
    long inPool = rawAddress - frameRawAddress(0);
    byte[] page = now().unmapped.get((int) (inPool / PageWord.PAGE_BYTES));
    long offset = inPool & (PageWord.PAGE_BYTES - 1);
    return page == null || offset + lengthBytes > PageWord.PAGE_BYTES
        ? null
        : MemorySegment.ofArray(page).asSlice(offset, lengthBytes);
  }
}
