package io.farheap.proof;

import io.farheap.DerefScope;
import io.farheap.Handles;
import io.farheap.Pin;
import io.farheap.SharedPtr;
import io.farheap.TestHeap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread with objects of its own, which it allocates, reads, writes, shares, moves, pins and
 * frees at random, each beside its copy on the Java heap; and which reads objects that all threads
 * share.
 */
final class ModelThread {
  private static final int MOST_IN_A_SCOPE = 6;
  private static final int ACTIONS_IN_A_ROW = 64;

  final List<SimObject> live = new ArrayList<>();
  private final TestHeap heap;
  private final Handles handles;
  private final List<SimObject> readOnly;
  private final long liveBytesWanted;
  private final SplittableRandom random;
  private long liveBytes;
  private long names;

  ModelThread(TestHeap heap, List<SimObject> readOnly, long liveBytesWanted, long seed) {
    this.heap = heap;
    this.handles = heap.handles();
    this.readOnly = readOnly;
    this.liveBytesWanted = liveBytesWanted;
    this.random = new SplittableRandom(seed);
    this.names = seed << 40;
  }

  /** Does so many operations. */
  void run(long operations) {
    for (long i = 0; i < operations; i++) {
      act();
      if (i % ACTIONS_IN_A_ROW == 0) {
        LockSupport.parkNanos(
            1); // lets virtual threads take turns, so that all partitions are in use
      }
    }
  }

  private void act() {
    if (live.isEmpty() || (liveBytes < liveBytesWanted && random.nextInt(3) == 0)) {
      allocate();
      return;
    }
    SimObject object = live.get(random.nextInt(live.size()));
    switch (random.nextInt(24)) {
      case 0, 1 -> free(object);
      case 2 -> share(object);
      case 3 -> pin(object);
      case 4, 5, 6 -> scope(object);
      case 7, 8, 9, 10 -> writeRange(object);
      case 11, 12 -> writeByte(object);
      case 13, 14, 15 -> readWhole(object);
      case 16, 17 -> readRange(object);
      case 18, 19, 20 -> readWord(object);
      default -> {
        SimObject shared = readOnly.get(random.nextInt(readOnly.size()));
        if (random.nextBoolean()) {
          readWhole(shared);
        } else {
          readRange(shared);
        }
      }
    }
  }

  private int size() {
    int roll = random.nextInt(1000);
    if (roll < 900) {
      return random.nextInt(8, 400);
    }
    if (roll < 990) {
      return random.nextInt(400, 4089);
    }
    return random.nextInt(4089, 48 << 10);
  }

  void allocate() {
    SimObject object = new SimObject(++names, size(), random);
    object.unique = heap.allocate(object.bytes);
    object.handle = object.unique.handle();
    live.add(object);
    liveBytes += object.bytes.length;
  }

  void free(SimObject object) {
    if (object.unique != null) {
      object.unique.free();
      object.unique = null;
    }
    object.shared.forEach(SharedPtr::close);
    object.shared.clear();
    int last = live.size() - 1;
    live.set(live.indexOf(object), live.get(last));
    live.remove(last);
    liveBytes -= object.bytes.length;
  }

  private void share(SimObject object) {
    if (object.unique == null) {
      object.shared.add(object.shared.getFirst().alias());
      if (object.shared.size() > 4) {
        object.shared.removeFirst().close();
      }
    } else if (random.nextBoolean()) {
      object.unique = object.unique.move();
    } else {
      object.shared.add(object.unique.share());
      object.unique = null;
    }
  }

  private void pin(SimObject object) {
    try (Pin pin =
        object.unique == null ? object.shared.getFirst().pinMut() : object.unique.pinMut()) {
      object.check(pin.segment(), "pinned segment");
      write(object, pin.segment());
      readWord(live.get(random.nextInt(live.size())));
      object.check(pin.segment(), "pinned segment");
    }
  }

  /** Several objects in one scope, which stay where they are while others come in. */
  private void scope(SimObject first) {
    try (DerefScope scope = heap.enter()) {
      MemorySegment mutable = handles.derefMut(scope, first.handle);
      for (int i = random.nextInt(MOST_IN_A_SCOPE); i > 0; i--) {
        SimObject object = live.get(random.nextInt(live.size()));
        if (object.bytes.length < 4096) {
          object.check(handles.deref(scope, object.handle), "dereference");
        }
      }
      first.check(mutable, "held segment");
      write(first, mutable);
      first.check(mutable, "held segment");
    }
  }

  private void write(SimObject object, MemorySegment segment) {
    if (object.bytes.length > object.firstFree()) {
      int offset = random.nextInt(object.firstFree(), object.bytes.length);
      byte value = (byte) random.nextInt();
      segment.set(ValueLayout.JAVA_BYTE, offset, value);
      object.bytes[offset] = value;
    }
  }

  private void writeRange(SimObject object) {
    int from = random.nextInt(object.firstFree(), object.bytes.length + 1);
    byte[] source = new byte[random.nextInt(Math.min(256, object.bytes.length - from) + 1)];
    random.nextBytes(source);
    handles.write(object.handle, from, MemorySegment.ofArray(source));
    System.arraycopy(source, 0, object.bytes, from, source.length);
  }

  private void writeByte(SimObject object) {
    if (object.bytes.length > object.firstFree()) {
      int offset = random.nextInt(object.firstFree(), object.bytes.length);
      object.bytes[offset] = (byte) random.nextInt();
      handles.setByte(object.handle, offset, object.bytes[offset]);
    }
  }

  void readWhole(SimObject object) {
    byte[] found = object.unique == null ? readByHandle(object) : object.unique.get();
    object.check(MemorySegment.ofArray(found), "read");
  }

  private byte[] readByHandle(SimObject object) {
    byte[] target = new byte[object.bytes.length];
    handles.read(object.handle, 0, MemorySegment.ofArray(target));
    return target;
  }

  private void readRange(SimObject object) {
    int from = random.nextInt(object.bytes.length + 1);
    byte[] target = new byte[random.nextInt(Math.min(256, object.bytes.length - from) + 1)];
    handles.read(object.handle, from, MemorySegment.ofArray(target));
    object.check(MemorySegment.ofArray(target), from, "range read");
  }

  private void readWord(SimObject object) {
    if (object.bytes.length >= Long.BYTES && handles.getLong(object.handle, 0) != object.name) {
      throw new SimulationFailure("another object's word read of " + object);
    }
  }
}
