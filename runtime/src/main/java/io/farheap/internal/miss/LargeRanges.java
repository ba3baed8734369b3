package io.farheap.internal.miss;

import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageTable;
import io.farheap.allocator.PageTrip;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.error.BoundsException;
import io.farheap.internal.far.TransportTrip;
import io.farheap.internal.place.FrameSupply;
import io.farheap.internal.scope.ScopeState;
import java.lang.foreign.MemorySegment;

/**
 * Small parts of large objects that are not local: they go to and from far memory as they are,
 * through one frame, so that no run of frames is needed.
 *
 * <p>A read is optimistic: the page-table word and the record must be the same afterwards, and then
 * the run was remote, and so unchanged, throughout. A write holds the run FETCHING meanwhile.
 */
public final class LargeRanges {
  /** A range of more than this share of the object brings the object in. */
  private static final int WHOLE_FROM_SHARE = 4;

  /** So does one of more pages: it would hold the object up for others for too long. */
  private static final int MOST_PAGES = 16;

  private final HeapMemory memory;
  private final PageTable pageTable;
  private final RecordTable records;
  private final FrameSupply frameSupply;
  private final Fetcher fetcher;
  private final Residence residence;

  /** Wires it. */
  public LargeRanges(
      HeapMemory memory, FrameSupply frameSupply, Fetcher fetcher, Residence residence) {
    this.memory = memory;
    this.pageTable = memory.pageTable();
    this.records = memory.records();
    this.frameSupply = frameSupply;
    this.fetcher = fetcher;
    this.residence = residence;
  }

  /**
   * Copies a range out of far memory.
   *
   * @return false if the object has to be dereferenced instead
   */
  public boolean read(ScopeState scope, long handle, long offsetBytes, MemorySegment target) {
    if (!applies(handle, target.byteSize())) {
      return false;
    }
    TransportTrip trip = residence.missOf(scope).trip();
    int frame = frameSupply.take();
    try {
      long index = Handle.index(handle);
      long place = records.loadPlace(index);
      long owner = records.loadOwner(index);
      long page = PlaceWord.page(place);
      long word = pageTable.load(page);
      if (!remote(handle, place, owner, word)) {
        return false;
      }
      check(owner, offsetBytes, target.byteSize());
      long farAddress = PlaceWord.farAddress(place) + ObjectHeader.BYTES + offsetBytes;
      MemorySegment staging = staging(frame);
      for (long done = 0; done < target.byteSize(); ) {
        int part = (int) Math.min(PageWord.PAGE_BYTES, target.byteSize() - done);
        fetcher.readPart(trip, farAddress + done, frame, part);
        MemorySegment.copy(staging, 0, target, done, part);
        done += part;
      }
      return pageTable.load(page) == word && PlaceWord.same(records.loadPlace(index), place);
    } finally {
      giveBack(trip, frame);
    }
  }

  /** Copies a range into far memory; otherwise as {@link #read}. */
  public boolean write(ScopeState scope, long handle, long offsetBytes, MemorySegment source) {
    if (!applies(handle, source.byteSize())) {
      return false;
    }
    TransportTrip trip = residence.missOf(scope).trip();
    int frame = frameSupply.take();
    try {
      long index = Handle.index(handle);
      long place = records.loadPlace(index);
      long owner = records.loadOwner(index);
      long page = PlaceWord.page(place);
      long word = pageTable.load(page);
      if (!remote(handle, place, owner, word)) {
        return false;
      }
      check(owner, offsetBytes, source.byteSize());
      if (!pageTable.startFetch(page, word)) {
        return false;
      }
      try {
        long farAddress = PlaceWord.farAddress(place) + ObjectHeader.BYTES + offsetBytes;
        MemorySegment staging = staging(frame);
        for (long done = 0; done < source.byteSize(); ) {
          int part = (int) Math.min(PageWord.PAGE_BYTES, source.byteSize() - done);
          MemorySegment.copy(source, done, staging, 0, part);
          fetcher.writePart(trip, farAddress + done, frame, part);
          done += part;
        }
      } finally {
        try {
          PageTrip.Status _ = trip.end();
        } finally {
          fetcher.endRemoteWrite(page);
        }
      }
      return true;
    } finally {
      giveBack(trip, frame);
    }
  }

  /** If the trip cannot be ended, bytes may land in the frame at any time: it goes to nobody. */
  private void giveBack(TransportTrip trip, int frame) {
    PageTrip.Status _ = trip.end();
    memory.giveFrame(frame);
  }

  /** A first look, which costs a local object nothing but a few loads. */
  private boolean applies(long handle, long lengthBytes) {
    long index = Handle.index(handle);
    if (index >= records.capacity()) {
      return false;
    }
    long place = records.loadPlace(index);
    long owner = records.loadOwner(index);
    return OwnerWord.size(owner) > ObjectHeader.MAX_SMALL_BODY
        && lengthBytes < OwnerWord.size(owner) / WHOLE_FROM_SHARE
        && lengthBytes <= MOST_PAGES * PageWord.PAGE_BYTES
        && remote(handle, place, owner, pageTable.load(PlaceWord.page(place)));
  }

  private static boolean remote(long handle, long place, long owner, long word) {
    return Handle.sameGeneration(handle, owner)
        && !PlaceWord.isNull(place)
        && PageWord.state(word) == PageWord.REMOTE
        && PageWord.paging(word);
  }

  private static void check(long owner, long offsetBytes, long lengthBytes) {
    int size = OwnerWord.size(owner);
    if (offsetBytes < 0 || offsetBytes > size - lengthBytes) {
      throw bounds(offsetBytes, lengthBytes, size);
    }
  }

  /** What is told of a range that is not inside its object. */
  public static BoundsException bounds(long offsetBytes, long lengthBytes, int size) {
    return new BoundsException(
        "bytes "
            + offsetBytes
            + " to "
            + (offsetBytes + lengthBytes)
            + " are not inside an object of "
            + size
            + " bytes");
  }

  private MemorySegment staging(int frame) {
    return memory.frameSegment(frame);
  }
}
