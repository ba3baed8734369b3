package io.farheap;

import io.farheap.error.ScopeException;
import java.util.Arrays;

/**
 * Objects that die together: closing the region frees all that was allocated through it and is
 * still alive, whatever became of their pointers. That goes for released objects, too, and for
 * those adopted again: a region can be the owner of a whole linked structure. May be used by
 * several threads.
 */
public final class Region implements AutoCloseable {
  private final FarHeap heap;
  private long[] handles = new long[16];
  private int count;
  private boolean closed;

  Region(FarHeap heap) {
    this.heap = heap;
  }

  /** Allocates a record that dies with the region; see {@link FarHeap#allocate(Record)}. */
  public <T extends Record> UniquePtr<T> allocate(T value) {
    return keep(heap.allocateUnwatched(value));
  }

  /** Allocates bytes that die with the region; see {@link FarHeap#allocate(byte[])}. */
  public UniquePtr<byte[]> allocate(byte[] value) {
    return keep(heap.allocateUnwatched(value));
  }

  /** Allocates zeros that die with the region; see {@link FarHeap#allocateBytes(long)}. */
  public UniquePtr<byte[]> allocateBytes(long lengthBytes) {
    return keep(heap.allocateBytesUnwatched(lengthBytes));
  }

  private <T> UniquePtr<T> keep(UniquePtr<T> ptr) {
    synchronized (this) {
      if (!closed) {
        if (count == handles.length) {
          handles = Arrays.copyOf(handles, 2 * count);
        }
        handles[count++] = ptr.handle();
        return ptr;
      }
    }
    ptr.free();
    throw new ScopeException("the region is closed; open another");
  }

  /** Frees what is left. Closing it again does nothing. */
  @Override
  public void close() {
    long[] dying;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      dying = Arrays.copyOf(handles, count);
    }
    heap.freeAll(dying);
  }
}
