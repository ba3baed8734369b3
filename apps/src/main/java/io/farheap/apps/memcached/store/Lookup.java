package io.farheap.apps.memcached.store;

import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.index.HashIndex;
import io.farheap.index.IndexCursor;
import java.lang.foreign.MemorySegment;

/** What looking a key up found; one for each key object, used again and again. */
final class Lookup {
  private HashIndex index;
  private IndexCursor cursor;
  private FarHeap heap;
  private DerefScope scope;

  /** The item's handle, or 0. */
  long handle;

  /** The item in place, as long as the scope that it was found in. */
  MemorySegment bytes;

  long head;
  int aux;

  /** The item that was allocated in its place. */
  long newHandle;

  /** A cursor on an index. */
  @SuppressWarnings("ReferenceEquality") // an index is itself
  IndexCursor cursor(HashIndex ofIndex) {
    if (index != ofIndex) {
      index = ofIndex;
      cursor = ofIndex.cursor();
    }
    return cursor;
  }

  /** Enters the scope of this object's own; one operation at a time uses it. */
  @SuppressWarnings("ReferenceEquality") // a heap is itself
  DerefScope enter(FarHeap ofHeap) {
    if (heap != ofHeap) {
      heap = ofHeap;
      scope = ofHeap.enter();
      return scope;
    }
    return scope.reopen();
  }

  void forget() {
    handle = 0;
    bytes = null;
  }
}
