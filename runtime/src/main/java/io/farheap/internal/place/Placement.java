package io.farheap.internal.place;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.AgentRunner;
import io.farheap.base.agent.Backoff;
import io.farheap.error.ObjectTooLargeException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.internal.scope.ScopeState;
import io.farheap.internal.scope.Scopes;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Finds room in the log, fetching what that takes: a frame, a slab. */
public final class Placement {
  private static final int NO_FRAME = -1;
  private static final int MAKE_WAY_PAUSES = 16;
  private static final long MAKE_WAY_NANOS = 50_000;

  /** Free segments that are not enough for somebody who must not wait: other threads take some. */
  private static final int SPARE_SEGMENTS = 4;

  private final HeapMemory memory;
  private final FrameSupply frameSupply;
  private final Scopes scopes;
  private final AgentRunner background;
  private final FarQuiet farQuiet;
  private final BooleanSupplier garbageBehind;
  private final LongSupplier clock;
  private final long timeoutNanos;
  private final int maxBodyBytes;

  /** The option that would allow larger objects; null if nothing would. */
  private final String boundBy;

  /**
   * Wires it.
   *
   * @param garbageBehind whether far memory holds so much garbage that the evacuator goes first
   * @param timeoutNanos how long a thread waits at most for far memory to come free
   * @param maxRunPages most pages that one object may take
   */
  public Placement(
      HeapMemory memory,
      FrameSupply frameSupply,
      Scopes scopes,
      AgentRunner background,
      FarQuiet farQuiet,
      BooleanSupplier garbageBehind,
      LongSupplier clock,
      long timeoutNanos,
      int maxRunPages) {
    this.memory = memory;
    this.frameSupply = frameSupply;
    this.scopes = scopes;
    this.background = background;
    this.farQuiet = farQuiet;
    this.garbageBehind = garbageBehind;
    this.clock = clock;
    this.timeoutNanos = timeoutNanos;
    long localBytes = (long) maxRunPages * PageWord.PAGE_BYTES;
    long farBytes = (long) memory.segments().longestRun() * SegmentTable.SEGMENT_BYTES;
    long runBytes = Math.min(localBytes, farBytes);
    this.maxBodyBytes = (int) Math.min(OwnerWord.MAX_SIZE, runBytes - ObjectHeader.BYTES);
    if (maxBodyBytes == OwnerWord.MAX_SIZE) {
      this.boundBy = null;
    } else {
      this.boundBy = localBytes <= farBytes ? "local-memory" : "slab-size";
    }
  }

  /** Largest body in bytes that this heap takes. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /**
   * Whether an object of a size would find room without waiting, as far as a look tells. Large
   * objects want neighbouring frames, which may have to be made.
   */
  public boolean hasRoomNow(int bodyBytes) {
    int pages = ObjectHeader.runPages(bodyBytes);
    int segments = (pages + SegmentTable.SEGMENT_PAGES - 1) / SegmentTable.SEGMENT_PAGES;
    return frameSupply.hasRoomNow(bodyBytes <= ObjectHeader.MAX_SMALL_BODY ? 1 : 4 * pages)
        && memory.segments().unreservedSegmentsHint() > SPARE_SEGMENTS * segments
        && !garbageBehind.getAsBoolean();
  }

  /** Refuses a size that no object of this heap may have. */
  public void checkSize(long bodyBytes) {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("an object of " + bodyBytes + " bytes");
    }
    if (bodyBytes > maxBodyBytes) {
      throw new ObjectTooLargeException(
          "an object of "
              + bodyBytes
              + " bytes is larger than this heap takes ("
              + maxBodyBytes
              + " bytes): split it"
              + (boundBy == null ? "" : ", or raise " + boundBy));
    }
  }

  /**
   * Reserves room and writes the header. May step out of this thread's scopes: everything but
   * pinned pages may have changed on return. Ends with {@link HeapMemory#finish} or {@link
   * HeapMemory#abandon}.
   *
   * @return far address of the header
   * @throws OutOfFarMemoryException if far memory is full
   */
  public long reserve(Heat heat, long hint, long recordIndex, int bodyBytes) {
    return bodyBytes <= ObjectHeader.MAX_SMALL_BODY
        ? reserveSmall(heat, hint, recordIndex, bodyBytes)
        : reserveLarge(recordIndex, bodyBytes);
  }

  /**
   * As {@link #reserve}, of a small object, but waits for nothing and steps out of no scope.
   *
   * @return {@link LogBuffer#NO_ROOM} if that would take a wait
   */
  public long reserveNow(Heat heat, long hint, long recordIndex, int bodyBytes) {
    LogBuffer log = memory.log(heat, hint);
    while (!garbageBehind.getAsBoolean()) {
      long farAddress = log.reserve(recordIndex, bodyBytes);
      if (farAddress != LogBuffer.NO_ROOM) {
        return farAddress;
      }
      int frame = frameSupply.takeSpare();
      if (frame < 0) {
        break;
      }
      if (!log.addPage(frame)) {
        memory.giveFrame(frame);
        break;
      }
    }
    return LogBuffer.NO_ROOM;
  }

  private long reserveSmall(Heat heat, long hint, long recordIndex, int bodyBytes) {
    LogBuffer log = memory.log(heat, hint);
    int frame = NO_FRAME;
    try {
      while (true) {
        long farAddress = log.reserve(recordIndex, bodyBytes);
        if (farAddress != LogBuffer.NO_ROOM) {
          return farAddress;
        }
        int seenSlabs = memory.segments().slabs();
        if (frame == NO_FRAME) {
          frame = frameSupply.take();
          makeWay();
        }
        if (log.addPage(frame)) {
          frame = NO_FRAME;
        } else {
          addSegments(seenSlabs, 0, 1);
        }
      }
    } finally {
      if (frame != NO_FRAME) {
        memory.giveFrame(frame);
      }
    }
  }

  /**
   * Whoever fills a page while far memory holds too much garbage lets the evacuator go ahead first:
   * one thread can overwrite faster than another collects. It steps out of its scopes, for which
   * the evacuator would wait.
   */
  private void makeWay() {
    if (!garbageBehind.getAsBoolean()) {
      return;
    }
    List<ScopeState> parked = scopes.park();
    try {
      for (int i = 0; i < MAKE_WAY_PAUSES && garbageBehind.getAsBoolean(); i++) {
        if (background.step() == 0) {
          LockSupport.parkNanos(this, MAKE_WAY_NANOS);
        }
      }
    } finally {
      scopes.resume(parked);
    }
  }

  private long reserveLarge(long recordIndex, int bodyBytes) {
    int pages = ObjectHeader.runPages(bodyBytes);
    int wanted = (pages + SegmentTable.SEGMENT_PAGES - 1) / SegmentTable.SEGMENT_PAGES;
    int firstFrame = frameSupply.takeRun(pages);
    makeWay();
    boolean placed = false;
    try {
      while (true) {
        int seenSlabs = memory.segments().slabs();
        int seenFree = wanted == 1 ? 0 : memory.segments().unreservedSegments();
        long farAddress = memory.largeLog().reserve(recordIndex, bodyBytes, firstFrame);
        if (farAddress != LogBuffer.NO_ROOM) {
          placed = true;
          return farAddress;
        }
        addSegments(seenSlabs, seenFree, wanted);
      }
    } finally {
      if (!placed) {
        memory.giveFrames(firstFrame, pages);
      }
    }
  }

  /**
   * Gets another slab, or waits for dead segments to be freed.
   *
   * @param seenSlabs slabs before the attempt that found no room
   * @param seenFree free segments before that attempt, which are not enough
   * @param wanted how many neighbouring segments it wanted
   */
  private void addSegments(int seenSlabs, int seenFree, int wanted) {
    if (memory.segments().grow(seenSlabs)) {
      return;
    }
    long deadline = clock.getAsLong() + timeoutNanos;
    List<ScopeState> parked = scopes.park();
    try {
      Backoff backoff = new Backoff();
      FarQuiet.Since since = farQuiet.since();
      while (memory.segments().unreservedSegments() <= seenFree) {
        int work = background.step();
        if (since.nothingToFree() || clock.getAsLong() - deadline >= 0) {
          throw outOfFarMemory(wanted);
        }
        if (work == 0) {
          backoff.pause();
        }
      }
    } finally {
      scopes.resume(parked);
    }
  }

  private OutOfFarMemoryException outOfFarMemory(int wanted) {
    SegmentTable segments = memory.segments();
    return new OutOfFarMemoryException(
        "far memory is full: no "
            + (wanted == 1 ? "segment" : "run of " + wanted + " segments")
            + " is free in "
            + segments.slabs()
            + " slabs with "
            + segments.usedSegments()
            + " segments in use. Free objects, or raise far-memory");
  }
}
