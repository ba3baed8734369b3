package io.farheap.internal;

import io.farheap.FarAccessException;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.stats.Histo;
import io.farheap.stats.SlowFetchEvent;
import io.farheap.transport.FarMemory;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.Transfer;
import io.farheap.transport.TransportException;
import java.util.function.LongSupplier;

/** The two network trips that a miss can make: one for a page, one for an object. */
final class Fetcher {
  /** Who waits for a page looks so often whether it has to bring it in itself. */
  private static final long WAIT_SLICE_NANOS = 1_000_000;

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final FarMemory farMemory;
  private final SlabMap slabMap;
  private final FrameSupply frameSupply;
  private final PageWaiters waiters;
  private final Readahead readahead;
  private final StatisticsRegistry statistics;
  private final LongSupplier clock;
  private final long timeoutNanos;
  private final long slowNanos;

  Fetcher(
      HeapMemory memory,
      FarMemory farMemory,
      SlabMap slabMap,
      FrameSupply frameSupply,
      PageWaiters waiters,
      Readahead readahead,
      StatisticsRegistry statistics,
      LongSupplier clock,
      long timeoutNanos,
      long slowNanos) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.farMemory = farMemory;
    this.slabMap = slabMap;
    this.frameSupply = frameSupply;
    this.waiters = waiters;
    this.readahead = readahead;
    this.statistics = statistics;
    this.clock = clock;
    this.timeoutNanos = timeoutNanos;
    this.slowNanos = slowNanos;
  }

  /** Waits for a page that another thread fetches, or that is being read ahead. */
  void awaitFetch(long page) {
    // The owner gives up at its own deadline; twice that allows for its fence.
    long deadline = clock.getAsLong() + 2 * timeoutNanos;
    while (!readahead.await(page)) {
      long now = clock.getAsLong();
      if (waiters.await(page, Math.min(deadline, now + WAIT_SLICE_NANOS))) {
        return;
      }
      if (now - deadline < 0) {
        continue;
      }
      throw new FarAccessException(
          "page "
              + page
              + " is being fetched by another thread and did not come within "
              + 2 * timeoutNanos / 1_000_000
              + " ms; try again, or raise transport-timeout",
          true);
    }
  }

  /** A page was referenced for the first time since it is local; the scope keeps it there. */
  void referenced(long page, int frame) {
    readahead.referenced(page, frame);
  }

  /**
   * Brings a page, or a large object's run of pages, into frames. On return the page may be
   * anywhere again; the caller starts over from the pointer record.
   *
   * @param word REMOTE, paging path
   */
  void fetchPage(ScopeState scope, long page, long word) {
    int pages = memory.runPages(page);
    int frame = pages == 1 ? frameSupply.take() : frameSupply.takeRun(pages);
    if (!pageTable.startFetch(page, word)) {
      memory.giveFrames(frame, pages);
      return;
    }
    boolean fetched = false;
    try {
      long nanos =
          read(
              scope,
              page << PageWord.PAGE_SHIFT,
              memory.frameRawAddress(frame),
              pages << PageWord.PAGE_SHIFT,
              pages == 1 ? page : Readahead.NO_PAGE);
      pageCame(page, frame, pages, nanos);
      fetched = true;
    } finally {
      if (!fetched) {
        pageFailed(scope.transfer, page, frame, pages);
      }
    }
  }

  /** Maps a page, or a run of them, whose bytes are in frames now; it was FETCHING. */
  void pageCame(long page, int frame, int pages, long nanos) {
    int lengthBytes = pages << PageWord.PAGE_SHIFT;
    statistics.increment(Counter.PAGE_FETCHES);
    statistics.record(Histo.FETCH_PAGE_NANOS, nanos);
    noteSlow("page", page << PageWord.PAGE_SHIFT, lengthBytes, nanos);
    for (int i = pages - 1; i >= 0; i--) {
      memory.frameTable().assign(frame + i, page + i, true);
    }
    pageTable.endFetch(page, frame);
    waiters.wake(page);
  }

  /**
   * Gives up a page, or a run of them, that was FETCHING into frames. The frames are nobody's for
   * good if the transfer could not even be fenced: its bytes may still come, and would come into
   * whatever the frames hold by then.
   */
  void pageFailed(Transfer transfer, long page, int frame, int pages) {
    pageTable.giveUpFetch(page);
    if (transfer.state() != Transfer.IN_FLIGHT
        || transfer.rawAddress() != memory.frameRawAddress(frame)) {
      memory.giveFrames(frame, pages);
    }
    waiters.wake(page);
  }

  /**
   * Copies an object's body from far memory.
   *
   * @param farAddress of its header
   * @param rawAddress where the body goes
   */
  void fetchObject(ScopeState scope, long farAddress, long rawAddress, int bodyBytes) {
    long nanos = read(scope, farAddress + ObjectHeader.BYTES, rawAddress, bodyBytes);
    objectCame(farAddress, bodyBytes, nanos);
  }

  /** Counts an object whose body was copied from far memory. */
  void objectCame(long farAddress, int bodyBytes, long nanos) {
    statistics.increment(Counter.OBJECT_FETCHES);
    statistics.add(Counter.BYTES_USEFUL, bodyBytes);
    statistics.record(Histo.FETCH_OBJECT_NANOS, nanos);
    noteSlow("object", farAddress, bodyBytes, nanos);
  }

  /** Copies part of a remote run into a frame that is the caller's. */
  void readPart(ScopeState scope, long farAddress, int frame, int lengthBytes) {
    read(scope, farAddress, memory.frameRawAddress(frame), lengthBytes);
    statistics.add(Counter.BYTES_USEFUL, lengthBytes);
  }

  /** Copies a frame that is the caller's into part of a remote run, which it holds FETCHING. */
  void writePart(ScopeState scope, long farAddress, int frame, int lengthBytes) {
    farMemory.submit(
        slabMap.writePart(scope.transfer, farAddress, memory.frameRawAddress(frame), lengthBytes));
    await(
        farAddress,
        scope.transfer,
        deadlineNanos(timeoutNanos),
        "take",
        "; these bytes may be old or new: write them again once it is back");
    statistics.add(Counter.BYTES_OUT, lengthBytes);
  }

  /** A run that was FETCHING is REMOTE again. */
  void endRemoteWrite(long page) {
    pageTable.giveUpFetch(page);
    waiters.wake(page);
  }

  private void noteSlow(String kind, long farAddress, int lengthBytes, long nanos) {
    if (nanos >= slowNanos) {
      SlowFetchEvent.commit(kind, farAddress, lengthBytes, nanos);
    }
  }

  /** Reads far bytes; answers how long it took, in nanoseconds. */
  private long read(ScopeState scope, long farAddress, long rawAddress, int lengthBytes) {
    return read(scope, farAddress, rawAddress, lengthBytes, Readahead.NO_PAGE);
  }

  /**
   * As {@link #read(ScopeState, long, long, int)}.
   *
   * @param missedPage the page that this is a miss of, so that what follows it may come too; or
   *     {@link Readahead#NO_PAGE}
   */
  private long read(
      ScopeState scope, long farAddress, long rawAddress, int lengthBytes, long missedPage) {
    long start = clock.getAsLong();
    request(scope.transfer, farAddress, rawAddress, lengthBytes, missedPage);
    return awaitRead(scope.transfer, farAddress, start, deadlineNanos(timeoutNanos));
  }

  /**
   * Asks for far bytes, and does not wait. The request leaves with the first {@link #awaitRead} of
   * any, and ends by its own.
   *
   * @param missedPage as for a read that waits
   */
  void request(
      Transfer transfer, long farAddress, long rawAddress, int lengthBytes, long missedPage) {
    if (transfer.state() == Transfer.IN_FLIGHT) {
      // Its last use ended in an error that left it so.
      farMemory.fence(transfer);
    }
    slabMap.read(transfer, farAddress, rawAddress, lengthBytes);
    try {
      farMemory.submit(transfer);
      if (missedPage != Readahead.NO_PAGE) {
        readahead.missed(missedPage);
      }
    } catch (RuntimeException | Error e) {
      farMemory.fence(transfer);
      throw e;
    }
  }

  /**
   * Waits for bytes that were asked for.
   *
   * @param startNanos when they were
   * @param deadlineNanos see {@link #deadlineNanos}
   * @return how long it took, in nanoseconds
   * @throws FarAccessException if they do not come; nothing is touched afterwards
   */
  long awaitRead(Transfer transfer, long farAddress, long startNanos, long deadlineNanos) {
    await(
        farAddress,
        transfer,
        deadlineNanos,
        "deliver",
        "; nothing is lost: try again once it is back");
    statistics.add(Counter.BYTES_IN, transfer.lengthBytes());
    return clock.getAsLong() - startNanos;
  }

  /**
   * When far memory is late with what is waited for from now on.
   *
   * @param mostNanos how long to wait at most
   */
  long deadlineNanos(long mostNanos) {
    return farMemory.clock().getAsLong() + Math.min(timeoutNanos, mostNanos);
  }

  /** The clock by which fetches are timed. */
  long nanos() {
    return clock.getAsLong();
  }

  /** Whether a fetch is a copy on the caller's thread, which waits for nobody. */
  boolean isImmediate() {
    return farMemory.completesInSubmit();
  }

  /** Whether the far bytes of a page are known to be lost. */
  boolean isLost(long page) {
    return !slabMap.has(page << PageWord.PAGE_SHIFT, PageWord.PAGE_BYTES);
  }

  private void await(
      long farAddress, Transfer transfer, long deadlineNanos, String verb, String advice) {
    try {
      farMemory.flush();
      farMemory.await(transfer, deadlineNanos);
    } catch (TransportException e) {
      statistics.increment(Counter.FETCH_FAILURES);
      slabMap.failed(e, farAddress, transfer.slab());
      boolean lost = e instanceof SlabLostException;
      throw new FarAccessException(
          "far memory did not "
              + verb
              + " "
              + transfer.lengthBytes()
              + " bytes ("
              + e.getMessage()
              + ")"
              + (lost ? "; these bytes are lost: free the object" : advice),
          !lost,
          e);
    } catch (RuntimeException | Error e) {
      farMemory.fence(transfer);
      throw e;
    }
  }
}
