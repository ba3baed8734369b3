package io.farheap.evacuator;

import io.farheap.allocator.FrameTable;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;

/**
 * Clears what says that a page's objects were accessed, after the page has left and its frame is
 * the caller's alone: an access bit must not outlive the cards that it stands for.
 */
final class AccessMarks {
  private final HeapMemory memory;

  AccessMarks(HeapMemory memory) {
    this.memory = memory;
  }

  /** Clears the access bits of a page's objects, whose bytes are still in the frame. */
  void clear(long page, int frame) {
    FrameTable frameTable = memory.frameTable();
    if (frameTable.cardsMarked(frame) == 0) {
      return; // the access bit is set after the cards only
    }
    RecordTable records = memory.records();
    long rawAddress = memory.frameRawAddress(frame);
    long pageFarAddress = page << PageWord.PAGE_SHIFT;
    int offset = 0;
    while (offset < PageWord.PAGE_BYTES) {
      long header = ObjectHeader.load(rawAddress + offset);
      if (header == 0) {
        return;
      }
      long index = ObjectHeader.recordIndex(header);
      if (frameTable.cardMarked(frame, offset)) {
        long place = records.loadPlace(index);
        if (PlaceWord.accessed(place) && PlaceWord.farAddress(place) == pageFarAddress + offset) {
          records.clearAccess(index, place);
        }
      }
      offset += ObjectHeader.footprint(ObjectHeader.bodyBytes(header));
    }
  }
}
