package io.farheap;

import io.farheap.internal.HeapHooks;
import io.farheap.internal.HeapRuntime;
import io.farheap.options.HeapOptions;

/** The way from a heap, as users have it, to what tests recount. */
public final class HeapInside {
  private HeapInside() {}

  /** Opens a heap whose agents only the test steps. */
  public static FarHeap openStepped(HeapOptions options) {
    return FarHeap.open(options, new HeapHooks(System::nanoTime, false));
  }

  /** The heap's inside. */
  public static HeapRuntime of(FarHeap heap) {
    return heap.runtime();
  }
}
