package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.allocator.Relocation;

/**
 * The move of one large object to another run of pages and frames. Its header, which may have been
 * to far memory and back, only leads to its record: the rest is for that to say.
 */
final class RunCopy {
  private final HeapMemory memory;
  private final RecordTable records;
  private final ReclaimListener listener;
  private final Relocation relocation;
  private long sourceRawAddress;

  RunCopy(HeapMemory memory, ReclaimListener listener) {
    this.memory = memory;
    this.listener = listener;
    this.records = memory.records();
    this.relocation = new Relocation(memory);
  }

  /**
   * Reserves another run while it can still be refused.
   *
   * @param page head of the run, unmapped
   * @return false if frames or far memory are missing, or the object is not found: it died, or its
   *     header is damaged
   */
  boolean prepare(long page, int frame, int pages) {
    sourceRawAddress = memory.frameRawAddress(frame);
    long header = ObjectHeader.load(sourceRawAddress);
    long index = ObjectHeader.recordIndex(header);
    if (index >= records.capacity()) {
      listener.damaged(page);
      return false;
    }
    long place = records.loadPlace(index);
    if (PlaceWord.farAddress(place) != FarAddress.ofPage(page)) {
      return false;
    }
    int bodyBytes = records.sizeAt(index, place);
    if (bodyBytes < 0) {
      return false;
    }
    if (bodyBytes != ObjectHeader.bodyBytes(header)) {
      listener.damaged(page);
    }
    return reserve(index, place, bodyBytes, pages);
  }

  private boolean reserve(long index, long place, int bodyBytes, int pages) {
    int firstFrame = memory.frames().tryTakeRun(pages, true);
    if (firstFrame < 0) {
      return false;
    }
    long target = memory.largeLog().reserve(index, bodyBytes, firstFrame);
    if (target == LogBuffer.NO_ROOM) {
      memory.giveFrames(firstFrame, pages);
      return false;
    }
    relocation.begin(index, place, bodyBytes, target);
    return true;
  }

  /** Gives the other run up; it is recycled like any other dead one. */
  void abandon() {
    relocation.abandon();
  }

  /**
   * Copies the object, whose run is immutable now.
   *
   * @return whether it lives at the new place; otherwise it died, or a thread that needed it was
   *     quicker
   */
  boolean move() {
    relocation.copyFrom(sourceRawAddress + ObjectHeader.BYTES);
    return relocation.install(false);
  }

  /** Bytes of the object, its header included. */
  int footprint() {
    return relocation.footprint();
  }
}
