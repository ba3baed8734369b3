package io.farheap.proof;

import io.farheap.Handles;
import io.farheap.Pin;
import io.farheap.allocator.Handle;
import io.farheap.allocator.ObjectHeader;
import io.farheap.allocator.PageWord;
import io.farheap.allocator.SegmentTable;
import io.farheap.error.FarAccessException;
import io.farheap.error.OutOfFarMemoryException;
import io.farheap.error.StaleHandleException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What simulated threads do to objects, each action on the heap and on the reference side by side.
 * An action that throws a typed exception has changed neither.
 */
final class SimActions {
  private static final int HOT = 10;
  private static final int MOST_IN_ORDER = 64;
  private static final int MOST_TOGETHER = 20;

  /** A pin with what it holds. */
  record HeldPin(SimObject object, Pin pin, boolean mutable) {}

  final List<SimObject> live = new ArrayList<>();
  final List<HeldPin> pins = new ArrayList<>();

  /** The object of the action in whose middle others act. */
  private SimObject underWay;

  private final SimWorld world;
  private final Handles handles;
  private final SimulationPlan plan;
  private final SplittableRandom random;
  private long names;

  SimActions(SimWorld world, SimulationPlan plan, SplittableRandom random) {
    this.world = world;
    this.handles = world.heap.handles();
    this.plan = plan;
    this.random = random;
  }

  /** A live object that an action may be done to now, or null. */
  SimObject pick(boolean nested) {
    for (int attempt = 0; attempt < 4 && !live.isEmpty(); attempt++) {
      int among = random.nextBoolean() ? live.size() : Math.min(HOT, live.size());
      SimObject object = live.get(random.nextInt(among));
      if (nested && underWay != null && !underWay.dead && random.nextBoolean()) {
        object = underWay;
      }
      if (!nested
          || (object.bytes.length <= ObjectHeader.MAX_SMALL_BODY
              && world.pageState(object.handle) != PageWord.FETCHING)) {
        underWay = nested ? underWay : object;
        return object;
      }
    }
    return null;
  }

  /** The object of a record, if it is one of these, is the one in whose middle others act. */
  void attend(long record) {
    for (SimObject object : live) {
      if (Handle.index(object.handle) == record) {
        underWay = object;
        return;
      }
    }
  }

  private int size(boolean nested) {
    int roll = random.nextInt(100);
    if (roll < 60) {
      return random.nextInt(200);
    }
    if (roll < 75) {
      return random.nextInt(200, 2000);
    }
    if (roll < 92 || nested || plan.maxPages() < 2) {
      return random.nextInt(2000, ObjectHeader.MAX_SMALL_BODY + 1);
    }
    int most = plan.maxPages() * PageWord.PAGE_BYTES - ObjectHeader.BYTES;
    return random.nextInt(4) == 0
        ? most
        : random.nextInt(ObjectHeader.MAX_SMALL_BODY + 1, most + 1);
  }

  void allocate(boolean nested) {
    SimObject object = new SimObject(++names, size(nested), random);
    boolean zeros = random.nextBoolean();
    try {
      if (zeros) {
        object.handle = handles.allocate(object.bytes.length);
        object.plainOwners = 1;
      } else {
        object.unique = world.heap.allocate(object.bytes);
        object.handle = object.unique.handle();
      }
    } catch (OutOfFarMemoryException e) {
      requireFull(
          object.bytes.length <= ObjectHeader.MAX_SMALL_BODY
              ? 1
              : (ObjectHeader.runPages(object.bytes.length) + SegmentTable.SEGMENT_PAGES - 1)
                  / SegmentTable.SEGMENT_PAGES,
          e);
      return;
    }
    live.add(object);
    if (zeros) {
      fillZeros(object);
    }
  }

  private void fillZeros(SimObject object) {
    byte[] wanted = object.bytes.clone();
    Arrays.fill(object.bytes, (byte) 0);
    try {
      read(object);
      change(object, 0, wanted);
    } catch (StaleHandleException e) {
      Simulation.freedMeanwhile(object, e);
    }
  }

  /** The exception is right only if there is no such run of free segments. */
  void requireFull(int wanted, OutOfFarMemoryException e) {
    boolean unreserved = world.memory.segments().unreservedSegments() >= wanted;
    if ((unreserved && world.hasFreeSegments(wanted))
        || world.memory.segments().slabs() < plan.slabs()) {
      throw new SimulationFailure("far memory is not full: " + e.getMessage());
    }
  }

  void read(SimObject object) {
    byte[] target = new byte[object.bytes.length];
    handles.read(object.handle, 0, MemorySegment.ofArray(target));
    object.check(MemorySegment.ofArray(target), "read");
    require(handles.lengthBytes(object.handle) == target.length, "length of " + object);
  }

  /** Reads neighbours in the order in which they were allocated, as a scan does. */
  void readInOrder() {
    int from = random.nextInt(live.size() + 1);
    int to = from + random.nextInt(MOST_IN_ORDER);
    for (int i = from; i < Math.min(to, live.size()); i++) {
      SimObject object = live.get(i);
      underWay = object;
      try {
        read(object);
      } catch (StaleHandleException e) {
        Simulation.freedMeanwhile(object, e);
      }
    }
  }

  /** Brings objects in together, neighbours and others. */
  void fetchTogether() {
    List<SimObject> wanted = new ArrayList<>();
    int from = random.nextInt(live.size() + 1);
    int most = random.nextInt(MOST_TOGETHER);
    for (int i = from; i < Math.min(from + most, live.size()); i++) {
      wanted.add(live.get(random.nextBoolean() ? i : random.nextInt(live.size())));
    }
    long[] chosen = wanted.stream().mapToLong(object -> object.handle).toArray();
    if (random.nextBoolean()) {
      boolean _ = handles.tryFetch(Duration.ofNanos(1 + random.nextInt(1_000_000)), chosen);
      return;
    }
    try {
      handles.fetch(chosen);
    } catch (StaleHandleException e) {
      if (wanted.stream().noneMatch(object -> object.dead)) {
        throw e;
      }
    }
  }

  void readRange(SimObject object) {
    int from = random.nextInt(object.bytes.length + 1);
    int most = random.nextBoolean() ? 64 : object.bytes.length;
    byte[] target = new byte[random.nextInt(Math.min(most, object.bytes.length - from) + 1)];
    handles.read(object.handle, from, MemorySegment.ofArray(target));
    object.check(MemorySegment.ofArray(target), from, "range read at " + from);
  }

  void readField(SimObject object) {
    int most = object.bytes.length - Long.BYTES;
    if (most >= 0) {
      int offset = random.nextInt(most + 1) & -Long.BYTES;
      long expected =
          MemorySegment.ofArray(object.bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
      long found = handles.getLong(object.handle, offset);
      long now = MemorySegment.ofArray(object.bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
      require(found == expected || found == now, "field at " + offset + " of " + object);
    }
  }

  void writeRange(SimObject object) {
    int from = random.nextInt(object.firstFree(), object.bytes.length + 1);
    int most = random.nextBoolean() ? 64 : object.bytes.length;
    byte[] source = new byte[random.nextInt(Math.min(most, object.bytes.length - from) + 1)];
    random.nextBytes(source);
    change(object, from, source);
  }

  private void change(SimObject object, int from, byte[] source) {
    try {
      handles.write(object.handle, from, MemorySegment.ofArray(source));
    } catch (FarAccessException e) {
      settle(object, from, source);
      throw e;
    }
    System.arraycopy(source, 0, object.bytes, from, source.length);
  }

  /** A range write that failed left each of its bytes old or new; from now on they are known. */
  private void settle(SimObject object, int from, byte[] source) {
    if (object.dead) {
      return;
    }
    world.faulty.setEnabled(false);
    world.alone = true;
    byte[] found = new byte[source.length];
    handles.read(object.handle, from, MemorySegment.ofArray(found));
    for (int i = 0; i < found.length; i++) {
      require(
          found[i] == source[i] || found[i] == object.bytes[from + i],
          "a failed write left neither old nor new bytes in " + object);
      object.bytes[from + i] = found[i];
    }
    world.alone = false;
    world.faulty.setEnabled(true);
  }

  /** Writes a few bytes of the large object that is being read, if it is in far memory. */
  void patchUnderWay() {
    SimObject object = underWay;
    if (object != null
        && !object.dead
        && object.bytes.length > ObjectHeader.MAX_SMALL_BODY
        && world.pageState(object.handle) == PageWord.REMOTE) {
      byte[] source = new byte[8];
      random.nextBytes(source);
      change(object, random.nextInt(object.firstFree(), object.bytes.length - 8), source);
    }
  }

  void writeField(SimObject object) {
    if (object.bytes.length > object.firstFree()) {
      int offset = random.nextInt(object.firstFree(), object.bytes.length);
      byte value = (byte) random.nextInt();
      handles.setByte(object.handle, offset, value);
      object.bytes[offset] = value;
    }
  }

  /** Writes some bytes in place, and the same into the reference. */
  void writeInPlace(SimObject object, MemorySegment segment) {
    if (object.bytes.length > object.firstFree()) {
      int offset = random.nextInt(object.firstFree(), object.bytes.length);
      byte value = (byte) random.nextInt();
      segment.set(ValueLayout.JAVA_BYTE, offset, value);
      object.bytes[offset] = value;
    }
  }

  void pin(SimObject object) {
    if (object.unique != null) {
      boolean mutable = random.nextBoolean();
      Pin pin = mutable ? object.unique.pinMut() : object.unique.pin();
      pins.add(new HeldPin(object, pin, mutable));
    }
  }

  void usePin() {
    if (!pins.isEmpty()) {
      HeldPin held = pins.get(random.nextInt(pins.size()));
      held.object().check(held.pin().segment(), "pinned segment");
      if (held.mutable()) {
        writeInPlace(held.object(), held.pin().segment());
      }
    }
  }

  void unpin() {
    if (!pins.isEmpty()) {
      HeldPin held = pins.remove(random.nextInt(pins.size()));
      held.object().check(held.pin().segment(), "pinned segment");
      held.pin().close();
    }
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new SimulationFailure(what + " went wrong");
    }
  }
}
