package io.farheap.broken;

import io.farheap.TestHeap;
import io.farheap.allocator.Handle;
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
import io.farheap.error.FarHeapException;
import io.farheap.proof.SimulationFailure;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * An application thread in slow motion: it writes and reads a few objects of its own by the
 * protocol's lists for hits, one or two loads or stores a step, so that others act between a load
 * and what follows from it. Its objects hold their own handle and a value.
 */
final class TestThread implements Agent {
  private static final int OBJECTS = 12;
  private static final int BODY_BYTES = 24;
  private static final int NAME = ObjectHeader.BYTES;
  private static final int VALUE = NAME + Long.BYTES;
  private static final int NO_SLOT = -1;

  private enum Phase {
    IDLE,
    WRITE_MARK,
    WRITE_STORE,
    READ_BYTES,
    READ_CHECK,
    HELP_COPY,
    HELP_INSTALL
  }

  private final TestHeap heap;
  private final HeapMemory memory;
  private final int slabs;
  private final SplittableRandom random;
  private final long[] handles = new long[OBJECTS];
  private final long[] values = new long[OBJECTS];
  private final boolean[] shared = new boolean[OBJECTS];
  private Phase phase = Phase.IDLE;
  private int object;
  private int slot = NO_SLOT;
  private long handle;
  private long place;
  private long word;
  private long foundName;
  private long foundValue;
  private long validValue;
  private long target;
  private boolean resting;
  private boolean busy;

  TestThread(TestHeap heap, int slabs, SplittableRandom random) {
    this.slabs = slabs;
    this.heap = heap;
    this.memory = heap.runtime().memory();
    this.random = random;
  }

  /** Ends what it does and frees its objects, or starts again. */
  void rest(boolean on) {
    resting = on;
    if (!on) {
      return;
    }
    while (phase != Phase.IDLE) {
      doWork();
    }
    for (int i = 0; i < OBJECTS; i++) {
      object = i;
      drop();
    }
  }

  /** Waits for far memory itself, in which others act: then it is busy. */
  @Override
  public int doWork() {
    if (!busy) {
      busy = true;
      try {
        act();
      } finally {
        busy = false;
      }
    }
    return 0;
  }

  /** One in so many steps goes on; slowly where an agent has to do much for a difference. */
  private int pace() {
    return switch (phase) {
      case IDLE -> 1;
      case HELP_COPY -> 32;
      case WRITE_MARK -> 8;
      default -> 3;
    };
  }

  private void act() {
    if (!resting && random.nextInt(pace()) != 0) {
      return;
    }
    switch (phase) {
      case IDLE -> {
        if (!resting) {
          begin();
        }
      }
      case WRITE_MARK -> {
        memory.frameTable().markDirty(PageWord.frame(word));
        phase = Phase.WRITE_STORE;
      }
      case WRITE_STORE -> store();
      case READ_BYTES -> {
        foundName = NativeMemory.getLong(rawAddress() + NAME);
        foundValue = NativeMemory.getLong(rawAddress() + VALUE);
        phase = Phase.READ_CHECK;
      }
      case READ_CHECK -> check();
      case HELP_COPY -> copy();
      case HELP_INSTALL -> install();
    }
  }

  private void begin() {
    object = choose();
    handle = handles[object];
    if (handle == Handle.NULL || random.nextInt(8) == 0) {
      replace();
      return;
    }
    if (random.nextInt(4) == 0) {
      shareOrNot();
    }
    if (random.nextBoolean()) {
      touch();
    }
    if (random.nextBoolean()) {
      lookInScope();
    } else {
      validValue = values[object];
      phase = look() ? Phase.READ_BYTES : Phase.IDLE;
    }
  }

  /** Adds an owner, or takes that away again. */
  private void shareOrNot() {
    if (shared[object]) {
      heap.handles().free(handle);
    } else if (!heap.handles().retain(handle)) {
      throw new SimulationFailure("object " + object + " of the test thread has no owner");
    }
    shared[object] = !shared[object];
  }

  /** Any object, but often one whose page is a source of copies. */
  private int choose() {
    int first = random.nextInt(OBJECTS);
    for (int i = 0; i < OBJECTS; i++) {
      int candidate = (first + i) % OBJECTS;
      if (handles[candidate] != Handle.NULL && state(handles[candidate]) == PageWord.QUIET) {
        return candidate;
      }
    }
    return first;
  }

  private int state(long ofHandle) {
    return PageWord.state(memory.pageTable().load(page(ofHandle)));
  }

  private long page(long ofHandle) {
    return PlaceWord.page(memory.records().loadPlace(Handle.index(ofHandle)));
  }

  /** An object is being copied off a quiet page: begins to help if it is its own. */
  void meetCopy(long record) {
    meet(i -> Handle.index(handles[i]) == record);
  }

  /** A page is about to be unmapped: finds an object of its own there, to write to it later. */
  void meetUnmapping(long page) {
    meet(i -> page(handles[i]) == page);
  }

  /** Enters a scope and looks at one of the objects; waits for nothing. */
  private void meet(IntPredicate wanted) {
    for (int i = 0; phase == Phase.IDLE && !busy && !resting && i < OBJECTS; i++) {
      if (handles[i] != Handle.NULL && wanted.test(i)) {
        object = i;
        handle = handles[i];
        lookInScope();
      }
    }
  }

  private void lookInScope() {
    slot = memory.epochs().enter(random.nextInt());
    if (look()) {
      phase = Phase.WRITE_MARK;
    } else {
      phase = PageWord.state(word) == PageWord.QUIET ? Phase.HELP_COPY : leave();
    }
  }

  /** The segment of one of the objects, or {@link SegmentTable#NONE}. */
  int segment() {
    long any = handles[random.nextInt(OBJECTS)];
    return any == Handle.NULL ? SegmentTable.NONE : SegmentTable.segmentOf(page(any));
  }

  /** Copies off the source; whoever moves the object first, the scope keeps the bytes there. */
  private void copy() {
    long name = NativeMemory.getLong(rawAddress() + NAME);
    if (name != handle) {
      throw new SimulationFailure(
          "a helping thread found the bytes of " + name + " in place of those of " + handle);
    }
    target = memory.log(Heat.HOT, 0).reserve(Handle.index(handle), BODY_BYTES);
    if (target == LogBuffer.NO_ROOM) {
      phase = leave();
      return;
    }
    NativeMemory.copy(rawAddress() + NAME, memory.reservedRawAddress(target) + NAME, BODY_BYTES);
    phase = Phase.HELP_INSTALL;
  }

  private void install() {
    if (memory.records().relocate(Handle.index(handle), place, target, true)) {
      memory.segments().removeLive(PlaceWord.page(place), ObjectHeader.footprint(BODY_BYTES));
      memory.finish(target);
    } else {
      memory.abandon(target, BODY_BYTES);
    }
    phase = leave();
  }

  /** Place first, then the generation, then the page. */
  private boolean look() {
    long index = Handle.index(handle);
    place = memory.records().loadPlace(index);
    if (PlaceWord.isNull(place)
        || OwnerWord.generation(memory.records().loadOwner(index)) != Handle.generation(handle)) {
      throw new SimulationFailure("object " + object + " of the test thread is gone");
    }
    word = memory.pageTable().load(PlaceWord.page(place));
    return PageWord.state(word) == PageWord.LOCAL;
  }

  private Phase leave() {
    memory.epochs().exit(slot);
    slot = NO_SLOT;
    return Phase.IDLE;
  }

  private long rawAddress() {
    return memory.frameRawAddress(PageWord.frame(word)) + PlaceWord.offsetInPage(place);
  }

  private void store() {
    values[object]++;
    NativeMemory.putLong(rawAddress() + VALUE, values[object]);
    phase = leave();
  }

  private void check() {
    phase = Phase.IDLE;
    boolean same =
        PageWord.same(memory.pageTable().load(PlaceWord.page(place)), word)
            && PlaceWord.same(memory.records().loadPlace(Handle.index(handle)), place);
    if (!same) {
      return;
    }
    if (foundName != handle || foundValue < validValue) {
      throw new SimulationFailure(
          "read without a scope found value "
              + foundValue
              + " of object "
              + foundName
              + " instead of "
              + validValue
              + " of "
              + handle);
    }
  }

  /** Frees an object and allocates another, if that needs no waiting. */
  private void replace() {
    if (!calm()) {
      return;
    }
    try {
      drop();
      handles[object] = heap.handles().allocate(BODY_BYTES);
      values[object] = 0;
      heap.handles().setLong(handles[object], 0, handles[object]);
    } catch (FarHeapException e) {
      drop(); // what has no name would not be known again
    }
  }

  /** Frees the object, if there is one. */
  private void drop() {
    if (handles[object] != Handle.NULL) {
      if (shared[object]) {
        heap.handles().free(handles[object]);
      }
      heap.handles().free(handles[object]);
      shared[object] = false;
      handles[object] = Handle.NULL;
    }
  }

  /** Brings an object in, and checks it. */
  private void touch() {
    if (!calm() || fetching()) {
      return;
    }
    long name;
    long value;
    try {
      name = heap.handles().getLong(handle, 0);
      value = heap.handles().getLong(handle, Long.BYTES);
    } catch (FarHeapException e) {
      return;
    }
    if (name != handle || value != values[object]) {
      throw new SimulationFailure(
          "value "
              + value
              + " of object "
              + name
              + " instead of "
              + values[object]
              + " of "
              + handle);
    }
  }

  private boolean fetching() {
    return state(handle) == PageWord.FETCHING;
  }

  private boolean calm() {
    return memory.frames().free() > memory.frames().reserve() + 4
        && (memory.segments().freeSegments() > 2 || memory.segments().slabs() < slabs);
  }
}
