package io.farheap.apps.memory;

import io.farheap.base.memory.NativeMemory;
import java.lang.foreign.MemorySegment;

/**
 * All of memory, so that bytes outside the Java heap are read and written by their raw addresses.
 */
public final class NativeBytes {
  /** Offsets in it are raw addresses; who uses one has checked that the bytes are his. */
  @SuppressWarnings("restricted") // direct buffers have addresses and no segments
  public static final MemorySegment ALL = NativeMemory.ALL;

  private NativeBytes() {}
}
