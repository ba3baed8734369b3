package io.farheap.internal.place;

import io.farheap.allocator.FramePool;
import io.farheap.allocator.HeapMemory;
import io.farheap.base.agent.AgentRunner;
import io.farheap.base.agent.Backoff;
import io.farheap.error.OutOfLocalMemoryException;
import io.farheap.evacuator.RunMaker;
import io.farheap.evacuator.RunRequest;
import io.farheap.internal.scope.PinRegistry;
import io.farheap.internal.scope.ScopeState;
import io.farheap.internal.scope.Scopes;
import io.farheap.internal.stats.StatisticsRegistry;
import io.farheap.stats.Counter;
import io.farheap.stats.Histo;
import io.farheap.stats.StallEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Frames for application threads. Who finds none steps out of its scopes, helps the agents, and
 * waits up to a deadline.
 */
public final class FrameSupply {
  /** Frames that other threads may take between a look and its use. */
  private static final int NEXT_TAKERS = 4;

  /**
   * All who wait together wake once in this time to help. If each of many woke as often, they would
   * keep the processors from the threads whose open scopes hold the frames.
   */
  private static final long WAIT_SLICE_NANOS = 100_000;

  private static final int HELP_STEPS = 64;

  /** Where so many wait already, another helps by one step alone. */
  private static final int MOST_HELPERS = 8;

  /** Of the frames between the reserve and the low watermark, this part is for misses alone. */
  private static final int SPARE_PART = 32;

  private final HeapMemory memory;
  private final FramePool frames;
  private final Scopes scopes;
  private final AgentRunner background;
  private final RunMaker runMaker;
  private final PinRegistry pins;
  private final StatisticsRegistry statistics;
  private final LongSupplier clock;
  private final int wakeBelow;
  private final int spareAbove;
  private final long timeoutNanos;

  /**
   * Wires it.
   *
   * @param wakeBelow with fewer free frames than these the agents are woken
   * @param timeoutNanos how long a thread waits at most
   */
  public FrameSupply(
      HeapMemory memory,
      Scopes scopes,
      AgentRunner background,
      RunMaker runMaker,
      PinRegistry pins,
      StatisticsRegistry statistics,
      LongSupplier clock,
      int wakeBelow,
      long timeoutNanos) {
    this.memory = memory;
    this.frames = memory.frames();
    this.scopes = scopes;
    this.background = background;
    this.runMaker = runMaker;
    this.pins = pins;
    this.statistics = statistics;
    this.clock = clock;
    this.wakeBelow = wakeBelow;
    this.spareAbove = frames.reserve() + Math.max(1, (wakeBelow - frames.reserve()) / SPARE_PART);
    this.timeoutNanos = timeoutNanos;
  }

  /**
   * Takes a frame. May step out of this thread's scopes meanwhile: everything but pinned pages may
   * have changed on return.
   *
   * @throws OutOfLocalMemoryException if none came free in time
   */
  public int take() {
    int frame = frames.tryTake(false);
    if (frames.free() < wakeBelow) {
      background.wake();
    }
    return frame >= 0 ? frame : stall(1, this::waitForFrame);
  }

  /**
   * Takes a frame that nobody waits for. Never waits, and leaves enough for those who do.
   *
   * @return the frame, or -1
   */
  public int takeSpare() {
    int free = frames.free();
    if (free < wakeBelow) {
      background.wake();
    }
    return free > spareAbove ? frames.tryTake(false) : -1;
  }

  /** Whether frames are free beyond what waiting threads would be given. Wakes the evictor. */
  public boolean hasRoomNow(int count) {
    int free = frames.free();
    if (free < wakeBelow) {
      background.wake();
    }
    return free >= frames.reserve() + NEXT_TAKERS + count;
  }

  /**
   * Takes neighbouring frames; otherwise as {@link #take}.
   *
   * @return the first of them
   */
  public int takeRun(int length) {
    int first = frames.tryTakeRun(length, false);
    if (frames.free() < wakeBelow) {
      background.wake();
    }
    return first >= 0 ? first : stall(length, d -> waitForRun(length, d));
  }

  private interface Wait {
    int until(long deadlineNanos);
  }

  private int stall(int length, Wait wait) {
    long start = clock.getAsLong();
    long failedBefore = statistics.sum(Counter.WRITE_FAILURES);
    List<ScopeState> parked = scopes.park();
    int frame;
    try {
      frame = wait.until(start + timeoutNanos);
    } finally {
      scopes.resume(parked);
    }
    long nanos = clock.getAsLong() - start;
    String wanted = length == 1 ? "frame" : "run of " + length + " frames";
    statistics.increment(Counter.STALLS);
    statistics.record(Histo.STALL_NANOS, nanos);
    StallEvent.commit(nanos, frames.free(), wanted);
    if (scopes.closed()) {
      if (frame >= 0) {
        memory.giveFrames(frame, length);
      }
      throw Scopes.closedException();
    }
    if (frame < 0) {
      throw outOfMemory(wanted, nanos, statistics.sum(Counter.WRITE_FAILURES) - failedBefore);
    }
    return frame;
  }

  private int waitForFrame(long deadlineNanos) {
    while (true) {
      int waiting = frames.waiting();
      for (int i = waiting < MOST_HELPERS ? HELP_STEPS : 1; i > 0; i--) {
        int frame = frames.tryTake(false);
        if (frame >= 0) {
          return frame;
        }
        if (background.step() == 0) {
          Thread.onSpinWait();
        }
      }
      long now = clock.getAsLong();
      if (now - deadlineNanos >= 0 || scopes.closed()) {
        return frames.tryTake(false);
      }
      background.wake();
      long sliceNanos = WAIT_SLICE_NANOS * (1 + waiting);
      int frame = frames.awaitTake(now + Math.min(deadlineNanos - now, sliceNanos), clock);
      if (frame >= 0) {
        return frame;
      }
    }
  }

  private int waitForRun(int length, long deadlineNanos) {
    RunRequest request = runMaker.request(length);
    Backoff backoff = new Backoff();
    while (request.firstFrame() < 0) {
      if (clock.getAsLong() - deadlineNanos >= 0 || scopes.closed()) {
        return request.cancel() ? -1 : request.firstFrame();
      }
      background.wake();
      if (background.step() == 0) {
        backoff.pause();
      } else {
        backoff.reset();
      }
    }
    return request.firstFrame();
  }

  private OutOfLocalMemoryException outOfMemory(String wanted, long nanos, long failed) {
    List<String> holders = new ArrayList<>(scopes.describeOpen());
    holders.addAll(pins.describe());
    return new OutOfLocalMemoryException(
        "no "
            + wanted
            + " came free within "
            + nanos / 1_000_000
            + " ms: all "
            + frames.frames()
            + " frames of local memory are in use. "
            + (failed > 0
                ? "Far memory did not take "
                    + failed
                    + " pages that were to leave meanwhile: nothing is lost, try again once it is"
                    + " back. "
                : "")
            + "Close or renew scopes and pins that hold memory"
            + (holders.isEmpty() ? "" : ": " + String.join("; ", holders))
            + "; or raise local-memory",
        holders);
  }
}
