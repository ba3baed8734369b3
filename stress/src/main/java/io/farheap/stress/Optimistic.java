package io.farheap.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;
import io.farheap.error.StaleHandleException;
import io.farheap.internal.HeapCore;
import io.farheap.internal.HeapHooks;
import io.farheap.internal.HeapRuntime;
import io.farheap.options.HeapOptions;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * The heap's own optimistic read, on a heap whose agents stand still, while the object's place is
 * given to another object. The object holds 1, whatever replaces it holds 2.
 */
public final class Optimistic {
  private static final int CELLS = 1 << 14;
  private static final long FAR_BYTES = 1L << 30;

  private static final HeapRuntime RUNTIME = open();
  private static final HeapCore CORE = RUNTIME.core();
  private static final HeapMemory MEMORY = RUNTIME.memory();
  private static final PageTable PAGES = MEMORY.pageTable();
  private static final RecordTable RECORDS = MEMORY.records();
  private static final AtomicInteger NEXT_CELL = new AtomicInteger();

  // Nobody allocates in this heap, so that its last pages are free for the tests.
  private static final long FIRST_PAGE = FarAddress.page(FAR_BYTES) - 2L * CELLS;
  private static final int[] FRAMES = new int[CELLS];
  private static final long[] HANDLES = new long[CELLS];
  private static final int OURS = frameOf(1);
  private static final int OTHERS = frameOf(2);

  static {
    for (int i = 0; i < CELLS; i++) {
      FRAMES[i] = MEMORY.frames().tryTake(false);
      HANDLES[i] = RECORDS.allocate(0, Long.BYTES);
    }
  }

  private Optimistic() {}

  private static HeapRuntime open() {
    return HeapRuntime.open(
        HeapOptions.builder()
            .isolated()
            .localMemoryBytes((CELLS + CELLS / 16L) * PageWord.PAGE_BYTES)
            .farMemoryBytes(FAR_BYTES)
            .hugePages(false)
            .build(),
        new HeapHooks(System::nanoTime, false));
  }

  private static int frameOf(long value) {
    int frame = MEMORY.frames().tryTake(false);
    fill(frame, value);
    return frame;
  }

  private static void fill(int frame, long value) {
    NativeMemory.putLong(MEMORY.frameRawAddress(frame) + ObjectHeader.BYTES, value);
  }

  private static void map(long page, int frame) {
    NativeMemory.putLongRelease(PAGES.region().rawAddress() + page * Long.BYTES, 0);
    PAGES.allocate(page, frame);
  }

  /** An object at the start of a page of its own. */
  static class HeapObject {
    final int cell = NEXT_CELL.getAndIncrement() & (CELLS - 1);
    final long page = FIRST_PAGE + cell;
    final long otherPage = page + CELLS;
    final long handle = HANDLES[cell];
    final long index = Handle.index(handle);

    /** The optimistic read. */
    final long read() {
      return CORE.read(handle, 0, Long.BYTES);
    }

    /** Puts the object where it is at first. */
    final void place(int frame) {
      map(page, frame);
      RECORDS.publish(index, FarAddress.ofPage(page), true);
    }
  }

  /** The page moves to another frame, and its frame gets another page's bytes. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "its own bytes")
  @Outcome(expect = FORBIDDEN, desc = "another object's bytes")
  @State
  public static class FrameReused extends HeapObject {
    private final int frame = FRAMES[cell];

    {
      fill(frame, 1);
      place(frame);
    }

    /** A read without a scope. */
    @Actor
    public void reader(J_Result r) {
      r.r1 = read();
    }

    /** The run maker, after grace: the reader has no scope that could hold it up. */
    @Actor
    public void mover() {
      long leaving = PAGES.unmap(page, PAGES.load(page));
      if (leaving != 0
          && MEMORY.epochs().firstHolder(MEMORY.epochs().startGrace(), 0) < 0
          && PAGES.moveFrame(page, leaving, OURS)) {
        fill(frame, 2);
      }
    }
  }

  /** The object moves to another page, and its page is recycled and gets another object. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "its own bytes")
  @Outcome(expect = FORBIDDEN, desc = "another object's bytes")
  @State
  public static class PageReused extends HeapObject {
    {
      map(otherPage, OURS);
      place(OURS);
    }

    /** A read without a scope. */
    @Actor
    public void reader(J_Result r) {
      r.r1 = read();
    }

    /** The evacuator, the recycler, and an allocation. */
    @Actor
    public void recycler() {
      long seen = RECORDS.loadPlace(index);
      RECORDS.relocate(index, seen, FarAddress.ofPage(otherPage), true);
      if (MEMORY.epochs().firstHolder(MEMORY.epochs().startGrace(), 0) < 0
          && PAGES.recycle(page, PAGES.load(page))) {
        PAGES.allocate(page, OTHERS);
      }
    }
  }

  /** The object is freed, and its record is given to another object. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "its own bytes")
  @Outcome(id = "-1", expect = ACCEPTABLE, desc = "stale")
  @Outcome(expect = FORBIDDEN, desc = "another object's bytes")
  @State
  public static class RecordReused extends HeapObject {
    {
      place(OURS);
    }

    /** A read without a scope. */
    @Actor
    public void reader(J_Result r) {
      try {
        r.r1 = read();
      } catch (StaleHandleException e) {
        r.r1 = -1;
      }
    }

    /** The last owner, then an allocation that gets the same record, then another's bytes. */
    @Actor
    public void owner() {
      RECORDS.removeOwner(handle);
      RECORDS.unpublish(index);
      RECORDS.recycle(0, index);
      long next = RECORDS.allocate(0, Long.BYTES);
      map(otherPage, OTHERS);
      RECORDS.publish(Handle.index(next), FarAddress.ofPage(otherPage), true);
      HANDLES[cell] = next;
    }
  }
}
