package io.farheap.evacuator;

import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.Relocation;

/** The move of one large object to another run of pages and frames. */
final class RunCopy {
  private final HeapMemory memory;
  private final RecordTable records;
  private final Relocation relocation;
  private long farAddress;
  private long sourceRawAddress;
  private long index;
  private int bodyBytes;
  private long target;

  RunCopy(HeapMemory memory) {
    this.memory = memory;
    this.records = memory.records();
    this.relocation = new Relocation(memory);
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
    farAddress = page << PageWord.PAGE_SHIFT;
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
    relocation.begin(index, place, bodyBytes, target);
    if (PlaceWord.farAddress(place) != farAddress) {
      relocation.abandon();
      return false;
    }
    relocation.copyFrom(sourceRawAddress + ObjectHeader.BYTES);
    return relocation.install(false);
  }

  /** Bytes of the object, its header included. */
  int footprint() {
    return ObjectHeader.footprint(bodyBytes);
  }
}
