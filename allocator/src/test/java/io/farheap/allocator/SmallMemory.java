package io.farheap.allocator;

import io.farheap.base.memory.NativeMemory;

/** A heap's structures with few frames, and objects with a body of {@link #BODY_BYTES}. */
final class SmallMemory {
  static final int BODY_BYTES = 88;
  static final int FOOTPRINT = ObjectHeader.footprint(BODY_BYTES);

  final HeapMemory memory =
      new HeapMemory(new HeapGeometry(1024, 16, 64L << 20, 64L << 20, 1, false), slab -> true);

  SmallMemory() {
    memory.segments().grow(0);
  }

  /** Room in the log for an object of a record; its page is pinned. */
  long reserve(Heat heat, long index) {
    LogBuffer log = memory.log(heat, 0);
    while (true) {
      long target = log.reserve(index, BODY_BYTES);
      if (target != LogBuffer.NO_ROOM) {
        return target;
      }
      if (!log.addPage(memory.frames().tryTake(false))) {
        throw new AssertionError("no segment is free");
      }
    }
  }

  /** A new object whose body starts with a value; answers its handle. */
  long allocate(long value) {
    long handle = memory.records().allocate(0, BODY_BYTES);
    long target = reserve(Heat.PLAIN, Handle.index(handle));
    NativeMemory.putLong(memory.reservedRawAddress(target) + ObjectHeader.BYTES, value);
    memory.records().publish(Handle.index(handle), target, false);
    memory.finish(target);
    return handle;
  }

  /** Frees an object that has one owner. */
  void free(long handle) {
    memory.records().removeOwner(handle);
    long farAddress = memory.records().unpublish(Handle.index(handle));
    memory.segments().removeLive(FarAddress.page(farAddress), FOOTPRINT);
    memory.records().recycle(0, Handle.index(handle));
  }

  long place(long handle) {
    return memory.records().loadPlace(Handle.index(handle));
  }

  long page(long handle) {
    return PlaceWord.page(place(handle));
  }

  long word(long page) {
    return memory.pageTable().load(page);
  }

  int state(long page) {
    return PageWord.state(word(page));
  }

  /** Raw address of an object's body; its page is in a frame. */
  long bodyRawAddress(long handle) {
    return memory.frameRawAddress(PageWord.frame(word(page(handle))))
        + PlaceWord.offsetInPage(place(handle))
        + ObjectHeader.BYTES;
  }

  /** Unmaps a closed local page. */
  long unmap(long page) {
    long leaving = memory.pageTable().unmap(page, word(page));
    if (leaving == 0) {
      throw new AssertionError("page " + page + " changed");
    }
    return leaving;
  }

  /** Lets a page, or a run of pages, leave for the paging path; its frames are free then. */
  void sendAway(long page) {
    int pages = memory.runPages(page);
    long leaving = unmap(page);
    if (!memory.pageTable().leave(page, leaving, true)) {
      throw new AssertionError("page " + page + " changed");
    }
    memory.giveFrames(PageWord.frame(leaving), pages);
  }
}
