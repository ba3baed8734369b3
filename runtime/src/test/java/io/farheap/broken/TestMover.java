package io.farheap.broken;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.RecordTable;
import io.farheap.base.memory.NativeMemory;
import io.farheap.proof.SimulationFailure;

/**
 * Takes the live objects of a page off the frame that has its bytes. An object takes two steps, so
 * that others act between the copy and its installation.
 */
final class TestMover {
  /** What came of a step. */
  enum Result {
    /** There is more to do. */
    MOVED,
    /** The log needs a page first. */
    NO_ROOM,
    /** No object is left to move. */
    DONE
  }

  private final HeapMemory memory;
  private final RecordTable records;
  private final LogBuffer log;
  private final Rule broken;
  private final Meetings meetings;
  private long page;
  private long source;
  private int offset;

  /** Where the copy under way is, or 0. */
  private long target;

  private long index;
  private long place;
  private long owner;

  TestMover(HeapMemory memory, Heat heat, Rule broken, Meetings meetings) {
    this.memory = memory;
    this.records = memory.records();
    this.log = memory.log(heat, 0);
    this.broken = broken;
    this.meetings = meetings;
  }

  /** Starts with the first object of a page. */
  void start(long newPage, long sourceRawAddress) {
    page = newPage;
    source = sourceRawAddress;
    offset = 0;
  }

  /** Whether a copy was made that is not installed yet. */
  boolean copying() {
    return target != 0;
  }

  /** Ends the copy under way, if there is one. */
  void settle() {
    if (target != 0) {
      install();
    }
  }

  Result step() {
    if (target != 0) {
      install();
      return Result.MOVED;
    }
    long header = offset < PageWord.PAGE_BYTES ? ObjectHeader.load(source + offset) : 0;
    if (header == 0) {
      return Result.DONE;
    }
    index = ObjectHeader.recordIndex(header);
    if (index >= records.limit()) {
      throw new SimulationFailure(
          "no header but "
              + header
              + " at "
              + offset
              + " of page "
              + page
              + ", now "
              + PageWord.describe(memory.pageTable().load(page)));
    }
    place = records.loadPlace(index);
    if (PlaceWord.farAddress(place) == FarAddress.ofPage(page) + offset && !copy()) {
      return Result.NO_ROOM;
    }
    offset += ObjectHeader.footprint(ObjectHeader.bodyBytes(header));
    return Result.MOVED;
  }

  /** False if there is no room: who wanted a run of frames had the destination closed. */
  private boolean copy() {
    owner = records.loadOwner(index);
    int bodyBytes = OwnerWord.size(owner);
    long reserved = log.reserve(index, bodyBytes);
    if (reserved == LogBuffer.NO_ROOM) {
      return false;
    }
    NativeMemory.copy(
        source + offset + ObjectHeader.BYTES,
        memory.reservedRawAddress(reserved) + ObjectHeader.BYTES,
        bodyBytes);
    target = reserved;
    return true;
  }

  private void install() {
    long now = records.loadPlace(index);
    int bodyBytes = OwnerWord.size(owner);
    int footprint = ObjectHeader.footprint(bodyBytes);
    if (broken == Rule.COPIES_ARE_INSTALLED_BY_COMPARE_AND_SET) {
      records.publish(index, target, false);
      memory.finish(target);
      if (memory.segments().pageLiveBytes(page) >= footprint) {
        memory.segments().removeLive(page, footprint);
      }
    } else if (records.relocate(index, place, target, false)) {
      if (broken != Rule.THE_OLD_COPY_IS_COUNTED_OUT) {
        memory.segments().removeLive(page, footprint);
      }
      memory.finish(target);
      if (OwnerWord.owners(owner) != OwnerWord.owners(records.loadOwner(index))) {
        meetings.note("a share");
      }
    } else {
      memory.abandon(target, bodyBytes);
      noteWinner(now);
    }
    target = 0;
  }

  /** Threads install their copies as accessed, agents do not. */
  private void noteWinner(long now) {
    boolean remote = PageWord.state(memory.pageTable().load(page)) == PageWord.REMOTE;
    if (PlaceWord.isNull(now)
        || OwnerWord.generation(owner) != OwnerWord.generation(records.loadOwner(index))) {
      meetings.note("a free");
    } else if (!PlaceWord.accessed(now)) {
      meetings.note("another relocation");
    } else {
      meetings.note(remote ? "an object fetch" : "a helping thread");
    }
  }

  /** Opens another page of the log; false if there is no frame or no segment. */
  boolean makeRoom() {
    int frame = memory.frames().tryTake(true);
    if (frame >= 0 && !log.addPage(frame)) {
      memory.giveFrame(frame);
      return false;
    }
    return frame >= 0;
  }
}
