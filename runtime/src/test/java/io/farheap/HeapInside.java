package io.farheap;

import io.farheap.internal.HeapRuntime;

/** The way from a heap, as users have it, to what tests recount. */
public final class HeapInside {
  private HeapInside() {}

  /** The heap's inside. */
  public static HeapRuntime of(FarHeap heap) {
    return heap.runtime();
  }
}
