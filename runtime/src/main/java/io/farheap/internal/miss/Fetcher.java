package io.farheap.internal.miss;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageWord;
import io.farheap.error.FarAccessException;
import io.farheap.internal.far.Miss;
import io.farheap.internal.far.TransportPages;
import io.farheap.internal.far.TransportTrip;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.stats.Histo;
import io.farheap.stats.SlowFetchEvent;
import io.farheap.transport.SlabLostException;
import io.farheap.transport.TransportException;
import java.util.function.LongSupplier;

/** The two network trips that a miss can make: one for a page, one for an object. */
public final class Fetcher {
  /** Who waits for a page looks so often whether it has to bring it in itself. */
  private static final long WAIT_SLICE_NANOS = 1_000_000;

  private static final String RETRY = "; nothing is lost: try again once it is back";

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final TransportPages farPages;
  private final PageWaiters waiters;
  private final Readahead readahead;
  private final StatisticsRegistry statistics;
  private final LongSupplier clock;
  private final long timeoutNanos;
  private final long slowNanos;

  /**
   * Wires it.
   *
   * @param timeoutNanos how long a trip may take
   * @param slowNanos from so long on a miss becomes a Flight Recorder event
   */
  public Fetcher(
      HeapMemory memory,
      TransportPages farPages,
      PageWaiters waiters,
      Readahead readahead,
      StatisticsRegistry statistics,
      LongSupplier clock,
      long timeoutNanos,
      long slowNanos) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.farPages = farPages;
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

  /**
   * Asks for a page, or a large object's run of pages, and for what may follow it; does not wait.
   *
   * @param word REMOTE, paging path
   * @param firstFrame in hand; the miss's from here on, also if this answers false
   * @return false if the page may be anywhere by now
   */
  boolean askForPage(Miss miss, long page, long word, int firstFrame, int pages) {
    if (!miss.askForPage(page, word, firstFrame, pages, clock.getAsLong())) {
      return false;
    }
    if (pages == 1) {
      boolean done = false;
      try {
        readahead.missed(page);
        done = true;
      } finally {
        if (!done) {
          miss.finish();
        }
      }
    }
    return true;
  }

  /**
   * Asks for the body of an object, which has room in the log; does not wait. If it throws, the
   * room is given up.
   */
  void askForObject(Miss miss) {
    miss.askForObject(clock.getAsLong());
  }

  /**
   * Waits for what was asked for, and makes it local, in the scope in which it was asked for.
   *
   * @param mostNanos how long to wait at most
   * @throws FarAccessException if it does not come; nothing of it is left
   */
  void bring(Miss miss, long mostNanos) {
    try {
      await(miss.trip(), mostNanos, "deliver", RETRY);
      count(miss);
    } finally {
      miss.finish();
    }
  }

  private void count(Miss miss) {
    long nanos = clock.getAsLong() - miss.startNanos();
    int lengthBytes = miss.trip().lengthBytes();
    statistics.add(Counter.BYTES_IN, lengthBytes);
    if (miss.paging()) {
      statistics.increment(Counter.PAGE_FETCHES);
      statistics.record(Histo.FETCH_PAGE_NANOS, nanos);
    } else {
      statistics.increment(Counter.OBJECT_FETCHES);
      statistics.add(Counter.BYTES_USEFUL, lengthBytes);
      statistics.record(Histo.FETCH_OBJECT_NANOS, nanos);
    }
    if (nanos >= slowNanos) {
      SlowFetchEvent.commit(
          miss.paging() ? "page" : "object", miss.trip().farAddress(), lengthBytes, nanos);
    }
  }

  /** Copies part of a remote run into a frame that is the caller's. */
  void readPart(TransportTrip trip, long farAddress, int frame, int lengthBytes) {
    trip.read(farAddress, memory.frameRawAddress(frame), lengthBytes);
    await(trip, timeoutNanos, "deliver", RETRY);
    statistics.add(Counter.BYTES_IN, lengthBytes);
    statistics.add(Counter.BYTES_USEFUL, lengthBytes);
  }

  /** Copies a frame that is the caller's into part of a remote run, which it holds FETCHING. */
  void writePart(TransportTrip trip, long farAddress, int frame, int lengthBytes) {
    trip.writePart(farAddress, memory.frameRawAddress(frame), lengthBytes);
    await(
        trip,
        timeoutNanos,
        "take",
        "; these bytes may be old or new: write them again once it is back");
    statistics.add(Counter.BYTES_OUT, lengthBytes);
  }

  /** A run that was FETCHING is REMOTE again. */
  void endRemoteWrite(long page) {
    pageTable.giveUpFetch(page);
    waiters.wake(page);
  }

  /** Whether a fetch is a copy on the caller's thread, which waits for nobody. */
  boolean isImmediate() {
    return farPages.completesInSubmit();
  }

  /** Whether the far bytes of a page are known to be lost. */
  boolean isLost(long page) {
    return !farPages.has(FarAddress.ofPage(page), PageWord.PAGE_BYTES);
  }

  private void await(TransportTrip trip, long mostNanos, String verb, String advice) {
    try {
      trip.await(mostNanos);
    } catch (TransportException e) {
      statistics.increment(Counter.FETCH_FAILURES);
      boolean lost = e instanceof SlabLostException;
      throw new FarAccessException(
          "far memory did not "
              + verb
              + " "
              + trip.lengthBytes()
              + " bytes ("
              + e.getMessage()
              + ")"
              + (lost ? "; these bytes are lost: free the object" : advice),
          !lost,
          e);
    }
  }
}
