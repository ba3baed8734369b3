package io.farheap.stress;

import io.farheap.allocator.Epochs;
import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real tables, shared by all states of a test, with a cell of its own for each state: tables of
 * its own would take longer to make than the test. A cell is used again after {@link #CELLS} other
 * states, when jcstress has long forgotten its last one.
 *
 * <p>A cell has eight pages, four frames of 64 bytes, a far copy and a record, each on cache lines
 * of its own.
 */
final class Tables {
  /** Number of cells; more than the states that jcstress keeps at a time. */
  static final int CELLS = 1 << 15;

  /** Footprint of the one object of a page. */
  static final int FOOTPRINT = 64;

  static final PageTable PAGES = new PageTable(CELLS * 8L);
  static final FrameTable FRAMES = new FrameTable(CELLS * 4);
  static final RecordTable RECORDS = new RecordTable(CELLS * 4L + 256, 1);
  static final SegmentTable SEGMENTS =
      new SegmentTable(CELLS * 8L * PageWord.PAGE_BYTES, 64L << 20, slab -> true);
  static final Epochs EPOCHS = new Epochs();

  private static final NativeRegion FRAME_BYTES = NativeRegion.reserve(CELLS * 4L * 64, true);
  private static final NativeRegion FAR_BYTES = NativeRegion.reserve(CELLS * 64L, true);
  private static final long FRAME_BASE = FRAME_BYTES.rawAddress();
  private static final long FAR_BASE = FAR_BYTES.rawAddress();
  private static final long[] HANDLES = new long[CELLS];
  private static final long[] OWNERS = new long[CELLS];
  private static final AtomicInteger NEXT_CELL = new AtomicInteger();

  static {
    for (int i = 0; i < CELLS; i++) {
      HANDLES[i] = RECORDS.allocate(0, FOOTPRINT - 8);
      for (int unused = 0; unused < 3; unused++) {
        RECORDS.allocate(0, FOOTPRINT - 8);
      }
      OWNERS[i] = RECORDS.loadOwner(Handle.index(HANDLES[i]));
    }
  }

  private Tables() {}

  /** A cell that no other state uses. */
  static int nextCell() {
    return NEXT_CELL.getAndIncrement() & (CELLS - 1);
  }

  /** The cell's page number n, 0 to 7. */
  static long page(int cell, int n) {
    return cell * 8L + n;
  }

  /** Far address of the first object of a page. */
  static long farAddress(long page) {
    return FarAddress.ofPage(page);
  }

  /** The cell's frame number n, 0 to 3. */
  static int frame(int cell, int n) {
    return cell * 4 + n;
  }

  /** A frame's first eight bytes. */
  static long bytes(int frame) {
    return NativeMemory.getLong(FRAME_BASE + frame * 64L);
  }

  /** Stores a frame's first eight bytes. */
  static void setBytes(int frame, long value) {
    NativeMemory.putLong(FRAME_BASE + frame * 64L, value);
  }

  /** What far memory has of the cell's page. */
  static long farBytes(int cell) {
    return NativeMemory.getLong(FAR_BASE + cell * 64L);
  }

  /** Stores what far memory has of the cell's page. */
  static void setFarBytes(int cell, long value) {
    NativeMemory.putLong(FAR_BASE + cell * 64L, value);
  }

  /** The handle of the cell's record. */
  static long handle(int cell) {
    return HANDLES[cell];
  }

  /** Makes a page FREE, whatever it was. */
  static void freePage(long page) {
    NativeMemory.putLongRelease(PAGES.region().rawAddress() + page * Long.BYTES, 0);
  }

  /** Makes a page LOCAL and not referenced, in a clean frame without pins that holds zeros. */
  static long localPage(long page, int frame) {
    freePage(page);
    int pins = FRAMES.pins(frame);
    for (int i = 0; i < pins; i++) {
      FRAMES.unpin(frame);
    }
    FRAMES.assign(frame, page, true);
    setBytes(frame, 0);
    PAGES.allocate(page, frame);
    PAGES.clearReferenced(page, PAGES.load(page));
    return PAGES.load(page);
  }

  /** Makes a page LEAVING, otherwise as {@link #localPage}. */
  static long leavingPage(long page, int frame) {
    return PAGES.unmap(page, localPage(page, frame));
  }

  /** Makes a page REMOTE. */
  static long remotePage(long page, int frame, boolean paging) {
    PAGES.leave(page, leavingPage(page, frame), paging);
    return PAGES.load(page);
  }

  /** Makes the cell's record that of a live object with one owner, as it was at first. */
  static long liveRecord(int cell, long farAddress, boolean access) {
    long index = Handle.index(HANDLES[cell]);
    NativeMemory.putLongRelease(
        RECORDS.region().rawAddress() + index * RecordTable.RECORD_BYTES + Long.BYTES,
        OWNERS[cell]);
    RECORDS.publish(index, farAddress, access);
    return RECORDS.loadPlace(index);
  }

  /** Gives a page as many live bytes. */
  static void setLive(long page, int bytes) {
    SEGMENTS.addLive(page, bytes - SEGMENTS.pageLive(page));
  }
}
