package io.farheap.apps.memcached.work;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;

/** All of memory, so that bytes of direct buffers are read and written by their raw addresses. */
public final class NativeBytes {
  /** Offsets in it are raw addresses; who uses one has checked that the bytes are his. */
  @SuppressWarnings("restricted") // buffers of Netty's have addresses and no segments
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private NativeBytes() {}

  /** Whether a buffer's bytes have a raw address. */
  public static boolean isNative(ByteBuf buffer) {
    return buffer.hasMemoryAddress();
  }

  /** Raw address of a buffer's next byte to read. */
  public static long readAddress(ByteBuf buffer) {
    return buffer.memoryAddress() + buffer.readerIndex();
  }
}
