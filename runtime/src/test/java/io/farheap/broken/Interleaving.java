package io.farheap.broken;

import static io.farheap.broken.Splice.answer;
import static io.farheap.broken.Splice.instead;

import io.farheap.allocator.FramePool;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.Relocation;
import io.farheap.base.memory.NativeMemory;
import java.util.List;

/**
 * Lets others act in the middle of what ships, where in a real heap another thread could. Breaks no
 * rule.
 */
public final class Interleaving {
  static final List<Splice> SPLICES =
      List.of(
          instead("allocator.HeapMemory#giveFrames", "FramePool.giveRun", "Interleaving.giveRun"),
          instead("internal.miss.Residence", "Relocation.copyFrom", "Interleaving.copyFrom"),
          answer("internal.HeapCore#read", "HeapCore.bodyOffset", "Interleaving.bodyOffset"),
          answer("internal.HeapCore#derefMut", "Location.frame", "Interleaving.frame"),
          answer("internal.HeapCore#derefMutSegment", "PageWord.frame", "Interleaving.frame"),
          instead("evacuator.Victim", "PageTable.unmap", "Interleaving.unmap"));

  private static final byte NOBODYS = (byte) 0xA5;

  private Interleaving() {}

  /** Between the copy of an object and its installation; {@link Meetings} splices it in. */
  static boolean relocate(
      RecordTable records, long index, long seen, long farAddress, boolean access) {
    RuleBreaker.now().othersMeet(index);
    return records.relocate(index, seen, farAddress, access);
  }

  /** What is in a frame that is given back is nobody's: who still reads it finds something else. */
  public static void giveRun(FramePool frames, int first, int length) {
    long rawAddress = RuleBreaker.now().memory().frameRawAddress(first);
    NativeMemory.view(rawAddress, (long) length * PageWord.PAGE_BYTES).fill(NOBODYS);
    frames.giveRun(first, length);
  }

  /** Between a thread's last look at a quiet page and its copy. */
  public static void copyFrom(Relocation relocation, long sourceBodyRawAddress) {
    RuleBreaker.now().allAct();
    relocation.copyFrom(sourceBodyRawAddress);
  }

  /** Between the loads of a read without a scope, and the load of its bytes. */
  public static long bodyOffset(long offset) {
    RuleBreaker.now().allAct();
    return offset;
  }

  /** Between a dereference and the mark that says that it is for writing. */
  public static int frame(int frame) {
    if (!RuleBreaker.now().memory().frameTable().dirty(frame)) {
      RuleBreaker.now().allAct();
    }
    return frame;
  }

  /** Between the choice of a page and its unmapping: a thread may still find it in use. */
  public static long unmap(PageTable pageTable, long page, long word) {
    RuleBreaker.now().threadMeetsUnmapping(page);
    return pageTable.unmap(page, word);
  }
}
