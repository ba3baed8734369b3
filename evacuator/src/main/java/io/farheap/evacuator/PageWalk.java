package io.farheap.evacuator;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;

/**
 * Goes through the objects of a closed page whose bytes are in a frame, by their headers. Only
 * objects whose record still names this place are met: the others live elsewhere or are dead.
 */
final class PageWalk {
  private final HeapMemory memory;
  private final FrameTable frameTable;
  private final RecordTable records;

  private int frame;
  private long rawAddress;
  private long farAddress;
  private boolean markedOnly;
  private int nextOffset;

  private int offset;
  private long index;
  private long place;
  private int bodyBytes;

  PageWalk(HeapMemory memory) {
    this.memory = memory;
    this.frameTable = memory.frameTable();
    this.records = memory.records();
  }

  /** Starts with the first of all objects. */
  void start(long page, int inFrame) {
    frame = inFrame;
    rawAddress = memory.frameRawAddress(inFrame);
    farAddress = FarAddress.ofPage(page);
    markedOnly = false;
    nextOffset = 0;
  }

  /** Starts with the first of the objects whose cards are marked: only they can be accessed. */
  void startMarked(long page, int inFrame) {
    start(page, inFrame);
    markedOnly = true;
    if (frameTable.cardsMarked(inFrame) == 0) {
      nextOffset = PageWord.PAGE_BYTES;
    }
  }

  /** Goes on to the next object; false at the end of the page. */
  boolean next() {
    while (nextOffset < PageWord.PAGE_BYTES) {
      offset = nextOffset;
      long header = ObjectHeader.load(rawAddress + offset);
      if (header == 0) {
        nextOffset = PageWord.PAGE_BYTES;
        return false;
      }
      bodyBytes = ObjectHeader.bodyBytes(header);
      index = ObjectHeader.recordIndex(header);
      nextOffset = offset + ObjectHeader.footprint(bodyBytes);
      if (nextOffset > PageWord.PAGE_BYTES || index >= records.capacity()) {
        // Not what was written here: far memory gave other bytes back. Nothing of it is believed.
        nextOffset = PageWord.PAGE_BYTES;
        return false;
      }
      if (markedOnly && !frameTable.cardMarked(frame, offset)) {
        continue;
      }
      place = records.loadPlace(index);
      if (PlaceWord.farAddress(place) == farAddress + offset) {
        return true;
      }
    }
    return false;
  }

  /** Record of the object. */
  long index() {
    return index;
  }

  /** The record's first word, which names this place. */
  long place() {
    return place;
  }

  /** Size of the object's body in bytes. */
  int bodyBytes() {
    return bodyBytes;
  }

  /** Bytes that the object takes on the page. */
  int footprint() {
    return ObjectHeader.footprint(bodyBytes);
  }

  /** Raw address of the object's body. */
  long bodyRawAddress() {
    return rawAddress + offset + ObjectHeader.BYTES;
  }
}
