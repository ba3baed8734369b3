package io.farheap.evacuator;

import io.farheap.allocator.FramePool;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.Relocation;

/**
 * Copies objects off an immutable page to the open end of the log and installs the copies, each by
 * one compare-and-set on its record: who loses it has lost to a free, or to a thread that moved the
 * object itself.
 *
 * <p>A page's objects are copied only with frames in hand, so that a page that was made an
 * immutable source is never left half copied for want of a frame.
 */
final class ObjectMover {
  private static final long STRIPE = 0;
  private static final int SPARES = 2;

  private final HeapMemory memory;
  private final Relocation relocation;
  private final FramePool frames;
  private final boolean reserve;
  private final int[] spares = new int[SPARES];
  private int spareCount;
  private int movedObjects;
  private long movedBytes;

  /**
   * A mover without frames in hand.
   *
   * @param reserve whether it may take frames of the reserve
   */
  ObjectMover(HeapMemory memory, boolean reserve) {
    this.memory = memory;
    this.relocation = new Relocation(memory);
    this.frames = memory.frames();
    this.reserve = reserve;
  }

  /**
   * Takes frames in hand for the objects of one page: one for each heat.
   *
   * @return false if there are not enough
   */
  boolean prepare() {
    while (spareCount < SPARES) {
      int frame = frames.tryTake(reserve);
      if (frame < 0) {
        return false;
      }
      spares[spareCount++] = frame;
    }
    return true;
  }

  /** Whether far memory has room for more objects of a heat. */
  boolean hasRoom(Heat heat) {
    return memory.log(heat, STRIPE).canAddPage();
  }

  /** Gives the frames in hand back. */
  void rest() {
    while (spareCount > 0) {
      memory.giveFrame(spares[--spareCount]);
    }
  }

  /**
   * Moves an object off its page.
   *
   * @param object where a walk over the page stands; the page's bytes are immutable
   * @param heat with which objects to
   * @return false if there is no room for it; it stays. True also if somebody else moved or freed
   *     it first
   */
  boolean move(PageWalk object, Heat heat) {
    int bodyBytes = object.bodyBytes();
    long target = reserve(object.index(), bodyBytes, heat);
    if (target == LogBuffer.NO_ROOM) {
      return false;
    }
    relocation.begin(object.index(), object.place(), bodyBytes, target);
    relocation.copyFrom(object.bodyRawAddress());
    // The access bit starts clear: the cards of the new place are not marked.
    if (relocation.install(false)) {
      movedObjects++;
      movedBytes += object.footprint();
    }
    return true;
  }

  private long reserve(long recordIndex, int bodyBytes, Heat heat) {
    LogBuffer log = memory.log(heat, STRIPE);
    while (true) {
      long target = log.reserve(recordIndex, bodyBytes);
      if (target != LogBuffer.NO_ROOM || spareCount == 0 || !log.addPage(spares[spareCount - 1])) {
        return target;
      }
      spareCount--;
    }
  }

  /** Objects moved since this was last asked. */
  int takeMovedObjects() {
    int moved = movedObjects;
    movedObjects = 0;
    return moved;
  }

  /** Bytes moved since this was last asked, headers included. */
  long takeMovedBytes() {
    long moved = movedBytes;
    movedBytes = 0;
    return moved;
  }
}
