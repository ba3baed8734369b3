package io.farheap.evacuator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.allocator.FarAddress;
import io.farheap.allocator.FrameTable;
import io.farheap.allocator.Handle;
import io.farheap.allocator.HeapGeometry;
import io.farheap.allocator.HeapMemory;
import io.farheap.allocator.Heat;
import io.farheap.allocator.LogBuffer;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.OwnerWord;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.PlaceWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.base.agent.Agent;
import io.farheap.base.memory.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The structures of a heap without the heap: objects are put into the log, marked, freed and read
 * by hand, far memory is a map, and time passes at every look at it.
 *
 * <p>Every word of an object's body follows from the object's handle.
 */
final class SmallHeap {
  static final int FRAMES = 1024;
  static final int RESERVE = 32;
  static final int BODY_BYTES = 200;
  static final int FOOTPRINT = ObjectHeader.footprint(BODY_BYTES);
  static final int PER_PAGE = PageWord.PAGE_BYTES / FOOTPRINT;
  static final int PER_SEGMENT = PER_PAGE * SegmentTable.SEGMENT_PAGES;

  private static final long SLAB_BYTES = 4 << 20;
  private static final int QUIET_STEPS = 60;

  final HeapMemory memory;
  final FakeFar far = new FakeFar();
  final CountingListener listener = new CountingListener();
  long nowNanos;
  long nanosPerLook = 1000;
  final LongSupplier clock = () -> nowNanos += nanosPerLook;

  SmallHeap(int slabs) {
    memory =
        new HeapMemory(
            new HeapGeometry(FRAMES, RESERVE, slabs * SLAB_BYTES, SLAB_BYTES, 1, false),
            slab -> true);
    for (int slab = 0; slab < slabs; slab++) {
      assertTrue(memory.segments().grow(slab));
    }
  }

  /** An object of the standard size. */
  long allocate() {
    return allocate(Heat.PLAIN);
  }

  long allocate(Heat heat) {
    long handle = memory.records().allocate(0, BODY_BYTES);
    LogBuffer log = memory.log(heat, 0);
    long target;
    while ((target = log.reserve(Handle.index(handle), BODY_BYTES)) == LogBuffer.NO_ROOM) {
      int frame = memory.frames().tryTake(false);
      assertTrue(frame >= 0, "no frame");
      assertTrue(log.addPage(frame), "no segment");
    }
    write(handle, memory.reservedRawAddress(target), BODY_BYTES);
    memory.records().publish(Handle.index(handle), target, false);
    memory.finish(target);
    return handle;
  }

  /** A large object, which shares its segment with others. */
  long allocateLarge(int pages) {
    int bodyBytes = pages * PageWord.PAGE_BYTES - ObjectHeader.BYTES;
    long handle = memory.records().allocate(0, bodyBytes);
    int frame = memory.frames().tryTakeRun(pages, false);
    assertTrue(frame >= 0, "no run of frames");
    long target = memory.largeLog().reserve(Handle.index(handle), bodyBytes, frame);
    assertTrue(target != LogBuffer.NO_ROOM, "no segment");
    write(handle, memory.reservedRawAddress(target), bodyBytes);
    memory.records().publish(Handle.index(handle), target, false);
    memory.finish(target);
    return handle;
  }

  /** A closed segment full of objects, in their order. */
  List<Long> fillSegment() {
    List<Long> objects = new ArrayList<>();
    for (int i = 0; i < PER_SEGMENT; i++) {
      objects.add(allocate());
    }
    memory.log(Heat.PLAIN, 0).seal();
    assertEquals(SegmentTable.State.CLOSED, memory.segments().state(segment(objects.getFirst())));
    return objects;
  }

  /** Frees all objects but one in so many, and keeps those in the list. */
  void thinOut(List<Long> objects, int keepOneIn) {
    List<Long> kept = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      if (i % keepOneIn == 0) {
        kept.add(objects.get(i));
      } else {
        free(objects.get(i));
      }
    }
    objects.clear();
    objects.addAll(kept);
  }

  private static void write(long handle, long rawAddress, int bodyBytes) {
    for (int at = 0; at < bodyBytes; at += Long.BYTES) {
      NativeMemory.putLong(rawAddress + ObjectHeader.BYTES + at, word(handle, at));
    }
  }

  private static long word(long handle, int at) {
    return (handle + at) * 0x9E3779B97F4A7C15L;
  }

  void free(long handle) {
    long index = Handle.index(handle);
    assertEquals(0, memory.records().removeOwner(handle));
    int footprint = ObjectHeader.footprint(OwnerWord.size(memory.records().loadOwner(index)));
    long farAddress = memory.records().unpublish(index);
    memory.segments().removeLive(FarAddress.page(farAddress), footprint);
    memory.records().recycle(0, index);
  }

  long place(long handle) {
    return memory.records().loadPlace(Handle.index(handle));
  }

  long page(long handle) {
    return PlaceWord.page(place(handle));
  }

  int segment(long handle) {
    return SegmentTable.segmentOf(page(handle));
  }

  Heat heat(long handle) {
    return memory.segments().heat(segment(handle));
  }

  int state(long page) {
    return PageWord.state(memory.pageTable().load(page));
  }

  int frame(long page) {
    return PageWord.frame(memory.pageTable().load(page));
  }

  /** What a first hit in a scope does. */
  void touch(long handle) {
    long place = place(handle);
    int offset = (int) PlaceWord.offsetInPage(place);
    memory.frameTable().markCards(frame(PlaceWord.page(place)), offset, FOOTPRINT);
    memory.records().setAccess(Handle.index(handle), place);
  }

  /** Every object has its bytes, wherever it is. */
  void check(List<Long> handles) {
    for (long handle : handles) {
      long page = page(handle);
      int offset = (int) PlaceWord.offsetInPage(place(handle));
      boolean remote = state(page) == PageWord.REMOTE;
      assertTrue(remote || state(page) != PageWord.FREE, "on a free page");
      long rawAddress = remote ? 0 : memory.frameRawAddress(frame(page)) + offset;
      int bodyBytes = OwnerWord.size(memory.records().loadOwner(Handle.index(handle)));
      for (int at = 0; at < bodyBytes; at += Long.BYTES) {
        int inRun = offset + ObjectHeader.BYTES + at;
        long found =
            remote
                ? far.load(page + inRun / PageWord.PAGE_BYTES, inRun % PageWord.PAGE_BYTES)
                : NativeMemory.getLong(rawAddress + ObjectHeader.BYTES + at);
        assertEquals(word(handle, at), found, "word at " + at + " of " + handle);
      }
    }
  }

  /** Takes every closed local page of a segment out to far memory. */
  void goOut(int segment, boolean paging) {
    long first = SegmentTable.firstPage(segment);
    for (long page = first; page < first + SegmentTable.SEGMENT_PAGES; page++) {
      if (state(page) == PageWord.LOCAL) {
        int frame = frame(page);
        long leaving = memory.pageTable().unmap(page, memory.pageTable().load(page));
        far.store(page, memory.frameRawAddress(frame));
        assertTrue(memory.pageTable().leave(page, leaving, paging));
        memory.giveFrame(frame);
      }
    }
  }

  /** Takes a large object out to far memory, as a whole. */
  void goOut(long large) {
    long page = page(large);
    int pages = memory.runPages(page);
    int frame = frame(page);
    long leaving = memory.pageTable().unmap(page, memory.pageTable().load(page));
    for (int i = 0; i < pages; i++) {
      far.store(page + i, memory.frameRawAddress(frame + i));
    }
    assertTrue(memory.pageTable().leave(page, leaving, true));
    memory.giveFrames(frame, pages);
  }

  /** Pages of a segment in a state. */
  int pages(int segment, int state) {
    int count = 0;
    long first = SegmentTable.firstPage(segment);
    for (long page = first; page < first + SegmentTable.SEGMENT_PAGES; page++) {
      count += state(page) == state ? 1 : 0;
    }
    return count;
  }

  /** Every frame is free or held by the one page that says so, and live bytes add up. */
  void recount(List<Long> live) {
    int held = 0;
    for (long page = 0; page < memory.segments().pagesInSlabs(); page++) {
      int state = state(page);
      if (state == PageWord.LOCAL || state == PageWord.LEAVING || state == PageWord.QUIET) {
        int pages = memory.runPages(page);
        held += pages;
        assertEquals(page, memory.frameTable().page(frame(page)), "page of its frame");
      }
    }
    assertEquals(FRAMES - held, memory.frames().free(), "free frames");
    int named = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      named += memory.frameTable().page(frame) == FrameTable.NO_PAGE ? 0 : 1;
    }
    assertEquals(held, named, "frames that say that they hold a page");
    long bytes = 0;
    for (long handle : live) {
      bytes +=
          ObjectHeader.footprint(OwnerWord.size(memory.records().loadOwner(Handle.index(handle))));
    }
    assertEquals(bytes, memory.segments().liveBytes(), "live bytes");
  }

  /** Takes frames until only so many are left. */
  List<Integer> takeFrames(int leave) {
    List<Integer> taken = new ArrayList<>();
    while (memory.frames().free() > leave) {
      taken.add(memory.frames().tryTake(true));
    }
    return taken;
  }

  /** An evacuator with all the processor and bandwidth that it likes. */
  Evacuator evacuator(CleaningRule... rules) {
    return evacuator(1, 1L << 40, rules);
  }

  Evacuator evacuator(double cpuShare, long bytesPerSecond, CleaningRule... rules) {
    return new Evacuator(
        memory,
        new EvacuatorSettings(new CleaningPolicy(List.of(rules)), cpuShare, bytesPerSecond),
        far,
        listener,
        () -> 0,
        clock);
  }

  /** Steps an agent, with time to rest in between, until it has nothing to do. */
  void drain(Agent agent) {
    int quiet = 0;
    for (int i = 0; i < 100_000 && quiet < QUIET_STEPS; i++) {
      nowNanos += 10_000_000;
      quiet = agent.doWork() == 0 ? quiet + 1 : 0;
    }
    assertTrue(quiet == QUIET_STEPS, "it finds work for ever");
  }
}
