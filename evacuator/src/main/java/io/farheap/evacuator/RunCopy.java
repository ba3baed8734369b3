package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;

/** The move of one large object to another run of pages and frames. */
final class RunCopy {
  private final HeapMemory memory;
  private final RecordTable records;
  private long farAddress;
  private long sourceRawAddress;
  private long index;
  private int bodyBytes;
  private long target;

  RunCopy(HeapMemory memory) {
    this.memory = memory;
    this.records = memory.records();
  }

  /**
   * Reserves another run while it can still be refused.
   *
   * @param page head of the run, unmapped
   * @return false if frames or far memory are missing
   */
  boolean prepare(long page, int frame, int pages) {
    int firstFrame = memory.frames().tryTakeRun(pages, true);
    if (firstFrame < 0) {
      return false;
    }
    farAddress = FarAddress.ofPage(page);
    sourceRawAddress = memory.frameRawAddress(frame);
    long header = ObjectHeader.load(sourceRawAddress);
    index = ObjectHeader.recordIndex(header);
    bodyBytes = ObjectHeader.bodyBytes(header);
    target = memory.largeLog().reserve(index, bodyBytes, firstFrame);
    if (target == LogBuffer.NO_ROOM) {
      memory.giveFrames(firstFrame, pages);
      return false;
    }
    return true;
  }

  /** Gives the other run up; it is recycled like any other dead one. */
  void abandon() {
    memory.abandon(target, bodyBytes);
  }

  /**
   * Copies the object, whose run is immutable now.
   *
   * @return whether it lives at the new place; otherwise it died, or a thread that needed it was
   *     quicker
   */
  boolean move() {
    long place = records.loadPlace(index);
    if (PlaceWord.farAddress(place) != farAddress) {
      abandon();
      return false;
    }
    NativeMemory.copy(
        sourceRawAddress + ObjectHeader.BYTES,
        memory.reservedRawAddress(target) + ObjectHeader.BYTES,
        bodyBytes);
    if (!records.relocate(index, place, target, false)) {
      abandon();
      return false;
    }
    memory.segments().removeLive(PlaceWord.page(place), ObjectHeader.footprint(bodyBytes));
    memory.finish(target);
    return true;
  }

  /** Bytes of the object, its header included. */
  int footprint() {
    return ObjectHeader.footprint(bodyBytes);
  }
}
