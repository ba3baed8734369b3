package io.farheap.apps.memcached.server;

import io.farheap.base.memory.NativeMemory;
import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/** All of memory, so that bytes of direct buffers are read and written by their raw addresses. */
final class NativeBytes {
  /** Offsets in it are raw addresses; who uses one has checked that the bytes are his. */
  static final MemorySegment ALL = NativeMemory.ALL;

  private NativeBytes() {}

  /** Whether a buffer's bytes have a raw address. */
  static boolean isNative(ByteBuf buffer) {
    return buffer.hasMemoryAddress();
  }

  /** Raw address of a buffer's next byte to read. */
  static long readAddress(ByteBuf buffer) {
    return buffer.memoryAddress() + buffer.readerIndex();
  }
}
