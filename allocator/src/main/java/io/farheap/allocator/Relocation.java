package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;

/**
 * The move of one object to another place in the log. Used again and again; it belongs to one
 * thread at a time.
 *
 * <pre>
 *          begin             bytes copied            install
 *   room ──────────► bound ───────────────► bound ───────────► the record names the new place
 *                      └─────────────────────┴──── abandon ──► or the room is dead
 * </pre>
 *
 * <p>The room is reserved before anything is copied, and bounds what can be written: a relocation
 * takes no more of the log than was given to it (compare RAMCloud's LogEntryRelocator). The source
 * is immutable. The compare-and-set on the record is the only arbiter between several who move the
 * same object, and who frees it.
 */
public final class Relocation {
  private final HeapMemory memory;
  private final FrameTable frameTable;
  private final RecordTable records;
  private long index;
  private long place;
  private int bodyBytes;
  private long target;

  /** A relocation that has no object. */
  public Relocation(HeapMemory memory) {
    this.memory = memory;
    this.frameTable = memory.frameTable();
    this.records = memory.records();
  }

  /**
   * Takes room in the log over, to be ended by {@link #install} or {@link #abandon}.
   *
   * @param recordIndex the object's record
   * @param seenPlace the record's first word, which names what will be copied
   * @param bodyLengthBytes size of the object's body
   * @param reserved far address of as much room, whose header names the record; its page is pinned
   */
  public void begin(long recordIndex, long seenPlace, int bodyLengthBytes, long reserved) {
    index = recordIndex;
    place = seenPlace;
    bodyBytes = bodyLengthBytes;
    target = reserved;
  }

  /** Where the body is to be copied to. */
  public long bodyRawAddress() {
    return memory.reservedRawAddress(target) + ObjectHeader.BYTES;
  }

  /** Far address of the object's header at its old place. */
  public long sourceFarAddress() {
    return PlaceWord.farAddress(place);
  }

  /** Size of the object's body. */
  public int bodyBytes() {
    return bodyBytes;
  }

  /** Bytes that the object takes in the log, its header included. */
  public int footprint() {
    return ObjectHeader.footprint(bodyBytes);
  }

  /** Copies the body from local memory. */
  public void copyFrom(long sourceBodyRawAddress) {
    NativeMemory.copy(sourceBodyRawAddress, bodyRawAddress(), bodyBytes);
  }

  /**
   * Puts the copy in the object's place, unless the object moved or died meanwhile.
   *
   * @param accessed whether the copy was made for somebody who uses it
   * @return whether it lives at the new place
   */
  public boolean install(boolean accessed) {
    if (accessed && bodyBytes <= ObjectHeader.MAX_SMALL_BODY) {
      // First the cards, then the access bit that stands for them.
      long word = memory.pageTable().load(FarAddress.page(target));
      frameTable.markCards(PageWord.frame(word), FarAddress.offsetInPage(target), footprint());
    }
    if (!records.relocate(index, place, target, accessed)) {
      abandon();
      return false;
    }
    memory.segments().removeLive(PlaceWord.page(place), footprint());
    memory.finish(target);
    return true;
  }

  /** Gives the room up; it counts as dead. */
  public void abandon() {
    memory.abandon(target, bodyBytes);
  }
}
