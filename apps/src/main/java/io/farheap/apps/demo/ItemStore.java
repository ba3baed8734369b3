package io.farheap.apps.demo;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.error.StaleHandleException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The items of one run: a handle and a sequence number for each key, 12 bytes of Java heap
 * together, and everything else in the far heap.
 *
 * <p>Any thread may get and update any key. A sequence number is twice the item's version, and odd
 * while a thread updates the item. Updates take the item by compare-and-set. A get takes nothing:
 * an item that matches the version that it began with is right, and one that does not is only wrong
 * if the version has not changed meanwhile.
 */
final class ItemStore {
  private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(int[].class);

  private final FarHeap heap;
  private final Handles handles;
  private final ItemCodec codec;

  /** Written while the item's sequence number is odd, or before other threads know the store. */
  private final long[] handleOf;

  private final int[] sequenceOf;

  ItemStore(FarHeap heap, ItemCodec codec, int items) {
    this.heap = heap;
    this.handles = heap.handles();
    this.codec = codec;
    this.handleOf = new long[items];
    this.sequenceOf = new int[items];
  }

  int items() {
    return handleOf.length;
  }

  long handle(int key) {
    return handleOf[key];
  }

  /** Stores the first version of an item. */
  void load(int key) {
    handleOf[key] = create(key, 0);
  }

  /**
   * Reads an item and verifies all its bytes.
   *
   * @return length of the item in bytes
   * @throws CorruptItemException if they are not what was written last
   */
  int get(int key) {
    while (true) {
      int sequence = (int) SEQUENCE.getAcquire(sequenceOf, key);
      if (isStable(sequence)) {
        CorruptItemException wrong = verify(key, version(sequence));
        if (wrong == null) {
          return codec.itemBytes(key, version(sequence));
        }
        VarHandle.loadLoadFence(); // the item's bytes before the second look
        if ((int) SEQUENCE.getAcquire(sequenceOf, key) == sequence) {
          throw wrong;
        }
      }
      Thread.onSpinWait();
    }
  }

  private CorruptItemException verify(int key, int version) {
    try (DerefScope scope = heap.enter()) {
      MemorySegment item = handles.deref(scope, handleOf[key]);
      return codec.matches(item, key, version)
          ? null
          : new CorruptItemException(
              codec.explain(item.toArray(ValueLayout.JAVA_BYTE), key, version), null);
    } catch (StaleHandleException e) {
      return new CorruptItemException(
          "key " + key + ", version " + version + ": expected an item but found none", e);
    }
  }

  /**
   * Replaces an item by its next version: in place, or elsewhere if the length changes.
   *
   * @return length of the new version in bytes
   */
  int update(int key) {
    int sequence = take(key);
    int next = sequence;
    int version = version(sequence) + 1;
    int itemBytes = codec.itemBytes(key, version);
    long dead = 0;
    try {
      if (itemBytes != codec.itemBytes(key, version - 1)) {
        dead = handleOf[key];
        handleOf[key] = create(key, version);
      } else {
        fill(handleOf[key], key, version);
      }
      next = sequence + 2;
    } finally {
      SEQUENCE.setRelease(sequenceOf, key, next);
    }
    if (dead != 0) {
      handles.free(dead);
    }
    return itemBytes;
  }

  private int take(int key) {
    while (true) {
      int sequence = (int) SEQUENCE.getAcquire(sequenceOf, key);
      if (isStable(sequence) && SEQUENCE.compareAndSet(sequenceOf, key, sequence, sequence + 1)) {
        VarHandle.storeStoreFence(); // odd before the first byte changes
        return sequence;
      }
      Thread.onSpinWait();
    }
  }

  private long create(int key, int version) {
    long handle = handles.allocate(codec.itemBytes(key, version));
    fill(handle, key, version);
    return handle;
  }

  private void fill(long handle, int key, int version) {
    try (DerefScope scope = heap.enter()) {
      codec.write(handles.derefMut(scope, handle), key, version);
    }
  }

  private static boolean isStable(int sequence) {
    return (sequence & 1) == 0;
  }

  private static int version(int sequence) {
    return sequence >>> 1;
  }
}
