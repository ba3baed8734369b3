package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;
import io.farheap.base.memory.NativeRegion;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/**
 * The local structures of one heap: frames, page table, records, segments, epochs, and the open
 * ends of the log.
 *
 * <p>They share nothing but the numbers of pages, frames and records; this class wires them and has
 * the few operations that touch several.
 */
public final class HeapMemory {
  /**
   * With one open page, objects of log-uniform sizes waste 27 % of their pages, with three 4 %,
   * with four 3 %.
   */
  private static final int MOST_OPEN_PAGES = 4;

  private static final int FRAMES_FOR_MOST_OPEN_PAGES = 4096;
  private static final int SEVERAL_OPEN_PAGES = 3;
  private static final int FRAMES_FOR_SEVERAL_OPEN_PAGES = 512;

  private final NativeRegion pool;
  private final long poolBase;
  private final MemorySegment poolSegment;
  private final FramePool frames;
  private final FrameTable frameTable;
  private final PageTable pageTable;
  private final RecordTable records;
  private final SegmentTable segments;
  private final Epochs epochs = new Epochs();
  private final Map<Heat, LogBuffer[]> logs = new EnumMap<>(Heat.class);
  private final LargeLog largeLog;

  /**
   * Reserves everything.
   *
   * @param geometry sizes
   * @param source asked for slabs as they are needed
   */
  public HeapMemory(HeapGeometry geometry, SlabSource source) {
    int frameCount = geometry.frames();
    this.pool = NativeRegion.reserve((long) frameCount * PageWord.PAGE_BYTES, geometry.hugePages());
    this.poolBase = pool.rawAddress();
    this.poolSegment = NativeMemory.view(poolBase, pool.lengthBytes());
    this.frames = new FramePool(frameCount, geometry.reserveFrames());
    this.frameTable = new FrameTable(frameCount);
    this.pageTable = new PageTable(FarAddress.page(geometry.farBytes()));
    this.records = new RecordTable(geometry.maxRecords(), geometry.stripes());
    this.segments = new SegmentTable(geometry.farBytes(), geometry.slabBytes(), source);
    int openPages = openPages(frameCount);
    for (Heat heat : EnumSet.complementOf(EnumSet.of(Heat.LARGE))) {
      LogBuffer[] stripes = new LogBuffer[geometry.stripes()];
      for (int i = 0; i < stripes.length; i++) {
        stripes[i] = new LogBuffer(this, heat, openPages);
      }
      logs.put(heat, stripes);
    }
    this.largeLog = new LargeLog(this);
  }

  private static int openPages(int frameCount) {
    if (frameCount >= FRAMES_FOR_MOST_OPEN_PAGES) {
      return MOST_OPEN_PAGES;
    }
    return frameCount >= FRAMES_FOR_SEVERAL_OPEN_PAGES ? SEVERAL_OPEN_PAGES : 1;
  }

  /** The frame pool's memory. */
  public NativeRegion pool() {
    return pool;
  }

  /** The frame pool's bytes, without any guard. */
  public MemorySegment poolSegment() {
    return poolSegment;
  }

  /** Raw address of a frame. */
  public long frameRawAddress(int frame) {
    return poolBase + (long) frame * PageWord.PAGE_BYTES;
  }

  /** A frame's bytes, without any guard. */
  public MemorySegment frameSegment(int frame) {
    return NativeMemory.view(frameRawAddress(frame), PageWord.PAGE_BYTES);
  }

  /** Which frames are free. */
  public FramePool frames() {
    return frames;
  }

  /** What each frame holds. */
  public FrameTable frameTable() {
    return frameTable;
  }

  /** Where each page is. */
  public PageTable pageTable() {
    return pageTable;
  }

  /** Where each object is. */
  public RecordTable records() {
    return records;
  }

  /** Segments and live bytes. */
  public SegmentTable segments() {
    return segments;
  }

  /** Open scopes and grace periods. */
  public Epochs epochs() {
    return epochs;
  }

  /** The open end of the log for a heat; the hint chooses the stripe. */
  public LogBuffer log(Heat heat, long hint) {
    LogBuffer[] stripes = logs.get(heat);
    return stripes[(int) hint & (stripes.length - 1)];
  }

  /** Where large objects are placed. */
  public LargeLog largeLog() {
    return largeLog;
  }

  /** Opens a log page in a frame: pinned once, dirty, mapped; a cold one is the first to go. */
  void openLogPage(long page, int frame, Heat heat) {
    segments.openPage(page);
    frameTable.assign(frame, page, false);
    frameTable.pin(frame);
    pageTable.allocate(page, frame, heat != Heat.COLD);
  }

  /** Maps a run: body pages first, so that whoever sees the head sees all of it. */
  void openRun(long headPage, int firstFrame, int pages) {
    for (int i = 1; i < pages; i++) {
      frameTable.assign(firstFrame + i, headPage + i, false);
      pageTable.allocateBody(headPage + i, i);
    }
    frameTable.assign(firstFrame, headPage, false);
    frameTable.pin(firstFrame);
    pageTable.allocate(headPage, firstFrame);
  }

  /** Raw address of a reserved object's header; its page is pinned. */
  public long reservedRawAddress(long farAddress) {
    long word = pageTable.load(FarAddress.page(farAddress));
    return poolBase + PageWord.frameOffset(word) + FarAddress.offsetInPage(farAddress);
  }

  /** Ends a reservation whose object is reachable now. */
  public void finish(long farAddress) {
    long word = pageTable.load(FarAddress.page(farAddress));
    frameTable.unpin(PageWord.frame(word));
  }

  /** Ends a reservation that came to nothing. */
  public void abandon(long farAddress, int bodyBytes) {
    segments.removeLive(FarAddress.page(farAddress), ObjectHeader.footprint(bodyBytes));
    finish(farAddress);
  }

  /** Gives a frame back and wakes who waits for one. */
  public void giveFrame(int frame) {
    giveFrames(frame, 1);
  }

  /** Gives a run of frames back and wakes who waits. */
  public void giveFrames(int firstFrame, int length) {
    for (int i = 0; i < length; i++) {
      frameTable.setPage(firstFrame + i, FrameTable.NO_PAGE);
    }
    frames.giveRun(firstFrame, length);
  }

  /**
   * T14: gives back a page, or a large object's run of pages, that is dead since before a grace
   * period, with the frames it is in.
   *
   * @param word a load of the page's word; if the page has changed since, nothing happens
   * @param pages of the run that it heads
   * @return false if it cannot be given back now: it is free already, on its way, or pinned, or has
   *     changed
   */
  public boolean recycleRun(long page, long word, int pages) {
    int state = PageWord.state(word);
    boolean local = state == PageWord.LOCAL || state == PageWord.LEAVING || state == PageWord.QUIET;
    if ((!local && state != PageWord.REMOTE)
        || PageWord.writeInFlight(word)
        || (local && frameTable.pins(PageWord.frame(word)) > 0)
        || !pageTable.recycle(page, word)) {
      return false;
    }
    for (int body = 1; body < pages; body++) {
      pageTable.recycleBody(page + body);
    }
    if (local) {
      giveFrames(PageWord.frame(word), pages);
    }
    return true;
  }

  /** Closes the open pages of the log, whose pins may stand in the way of a run of frames. */
  public void closeLogPages() {
    for (LogBuffer[] stripes : logs.values()) {
      for (LogBuffer log : stripes) {
        log.closePages();
      }
    }
  }

  /** Closes every open end of the log. */
  public void sealLogs() {
    for (LogBuffer[] stripes : logs.values()) {
      for (LogBuffer log : stripes) {
        log.seal();
      }
    }
    largeLog.seal();
  }

  /** Number of pages of the run that starts at a head page: itself and the BODY pages behind it. */
  public int runPages(long headPage) {
    int pages = 1;
    while (headPage + pages < pageTable.pages()) {
      long word = pageTable.load(headPage + pages);
      if (PageWord.state(word) != PageWord.BODY || PageWord.frame(word) != pages) {
        break;
      }
      pages++;
    }
    return pages;
  }

  /** Bytes of tables, records and marks that local memory holds beside the frames. */
  public long metadataBytes() {
    return segments.pagesInSlabs() * Long.BYTES
        + records.committedBytes()
        + frameTable.bytes()
        + segments.bytes();
  }

  /**
   * Gives all memory back. Every page becomes FREE before any frame is given back, so that an
   * optimistic reader that is late finds its page-table word changed.
   */
  public void decommit() {
    pageTable.decommit();
    records.decommit();
    pool.decommit();
    frameTable.decommit();
    segments.decommit();
  }
}
