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
 *
 * <p>The headers may have been to far memory and back. They only lead to the records, which were
 * not: where an object lies and how long it is, is for its record to say.
 */
final class PageWalk {
  private final HeapMemory memory;
  private final FrameTable frameTable;
  private final RecordTable records;
  private final ReclaimListener listener;

  private int frame;
  private long rawAddress;
  private long farAddress;
  private boolean markedOnly;
  private int nextOffset;

  private int offset;
  private long index;
  private long place;
  private int bodyBytes;

  PageWalk(HeapMemory memory, ReclaimListener listener) {
    this.memory = memory;
    this.listener = listener;
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
      index = ObjectHeader.recordIndex(header);
      if (index >= records.capacity()) {
        endDamaged();
        return false;
      }
      bodyBytes = ObjectHeader.bodyBytes(header);
      nextOffset = offset + ObjectHeader.footprint(bodyBytes);
      if ((!markedOnly || frameTable.cardMarked(frame, offset)) && livesHere()) {
        return true;
      }
    }
    if (nextOffset > PageWord.PAGE_BYTES) {
      endDamaged();
    }
    return false;
  }

  /** Whether the record names this place; its size then counts, and not the header's. */
  private boolean livesHere() {
    place = records.loadPlace(index);
    if (PlaceWord.farAddress(place) != farAddress + offset) {
      return false;
    }
    int recordedBytes = records.sizeAt(index, place);
    if (recordedBytes < 0) {
      return false;
    }
    if (recordedBytes != bodyBytes) {
      listener.damaged(FarAddress.page(farAddress));
      bodyBytes = recordedBytes;
      nextOffset = offset + ObjectHeader.footprint(bodyBytes);
    }
    return true;
  }

  /** Where the next object starts, nothing tells any more. */
  private void endDamaged() {
    listener.damaged(FarAddress.page(farAddress));
    nextOffset = PageWord.PAGE_BYTES;
  }

  /**
   * Whether the headers of a page lead to all of its live objects. False also where one dies at
   * this moment.
   */
  boolean meetsAll(long page, int inFrame) {
    long sum = 0;
    start(page, inFrame);
    while (next()) {
      sum += footprint();
    }
    return sum >= memory.segments().pageLiveBytes(page);
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
