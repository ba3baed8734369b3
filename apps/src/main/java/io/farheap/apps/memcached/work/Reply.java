package io.farheap.apps.memcached.work;

import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.base.memory.NativeMemory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What goes back to one client for one burst of requests: bytes in pooled direct buffers, handed to
 * the channel as they fill. Used by one thread at a time, for one client after another.
 *
 * <p>Nothing is written without {@link #reserve}: the bytes that it answers for may then be put.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
public final class Reply {
  private static final int MIN_CHUNK_BYTES = 512;
  private static final int MAX_CHUNK_BYTES = 64 << 10;
  private static final int MAX_DIGITS = 20;

  /** Room for a number on a line of its own. */
  public static final int MAX_NUMBER_LINE_BYTES = MAX_DIGITS + 2;

  private static final MemorySegment ALL = NativeMemory.ALL;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private ChannelHandlerContext context;
  private ByteBuf chunk;
  private long first;
  private long at;
  private long limit;
  private int handedOver;
  private int nextChunkBytes = MIN_CHUNK_BYTES;
  private long written;

  /** Begins a burst. */
  public void begin(ChannelHandlerContext client) {
    context = client;
    handedOver = 0;
    written = 0;
  }

  /**
   * Ends the burst: everything is with the channel, not flushed.
   *
   * @return how many bytes the burst had
   */
  public long end() {
    handOver();
    // The next burst is likely to be as long as this one.
    nextChunkBytes = Math.clamp(written + MIN_CHUNK_BYTES, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES);
    context = null;
    return written;
  }

  /** Drops what was not handed over yet. */
  public void discard() {
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    at = 0;
    limit = 0;
    first = 0;
    context = null;
  }

  /** Whether the client has not taken enough of what it was sent; flushes to find out. */
  public boolean isBlocked() {
    if (handedOver < MAX_CHUNK_BYTES) {
      return false;
    }
    if (context.channel().isWritable()) {
      context.flush();
      handedOver = 0;
      return !context.channel().isWritable();
    }
    return true;
  }

  /** Makes sure that bytes can be put, one behind the other. */
  public void reserve(int bytes) {
    if (limit - at < bytes) {
      makeRoom(bytes);
    }
  }

  private void makeRoom(int bytes) {
    int size = Math.max(bytes, chunk == null ? nextChunkBytes : MAX_CHUNK_BYTES);
    handOver();
    chunk = context.alloc().directBuffer(size);
    first = chunk.memoryAddress();
    at = first;
    limit = first + chunk.capacity();
  }

  private void handOver() {
    if (chunk != null) {
      int bytes = (int) (at - first);
      if (bytes == 0) {
        chunk.release();
      } else {
        chunk.writerIndex(bytes);
        handedOver += bytes;
        written += bytes;
        context.write(chunk, context.voidPromise());
      }
      chunk = null;
      first = 0;
      at = 0;
      limit = 0;
    }
  }

  /** Writes a whole line. */
  public void line(ReplyLine line) {
    byte[] bytes = line.line();
    reserve(bytes.length);
    put(bytes);
  }

  /** Puts bytes for which there is room. */
  public void put(byte[] bytes) {
    MemorySegment.copy(bytes, 0, ALL, ValueLayout.JAVA_BYTE, at, bytes.length);
    at += bytes.length;
  }

  /** Puts bytes for which there is room. */
  public void put(MemorySegment source, long from, long length) {
    MemorySegment.copy(source, from, ALL, at, length);
    at += length;
  }

  /** Puts a character for which there is room. */
  public void put(char character) {
    ALL.set(ValueLayout.JAVA_BYTE, at++, (byte) character);
  }

  /** Puts characters for which there is room. */
  public void putAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  /** Puts the end of a line, for which there is room. */
  public void putLineEnd() {
    put('\r');
    put('\n');
  }

  /** Puts two bytes, highest first. */
  public void putShort(int value) {
    ALL.set(SHORT, at, (short) value);
    at += Short.BYTES;
  }

  /** Puts four bytes, highest first. */
  public void putInt(int value) {
    ALL.set(INT, at, value);
    at += Integer.BYTES;
  }

  /** Puts eight bytes, highest first. */
  public void putLong(long value) {
    ALL.set(LONG, at, value);
    at += Long.BYTES;
  }

  /** Puts an unsigned number in decimal; there is room for {@link #MAX_DIGITS}. */
  public void putDecimal(long value) {
    long rest = value;
    if (rest < 0) {
      long quotient = Long.divideUnsigned(rest, 10);
      putDecimal(quotient);
      put((char) ('0' + Long.remainderUnsigned(rest, 10)));
      return;
    }
    int digits = digits(rest);
    for (long place = at + digits - 1; place >= at; place--) {
      long quotient = rest / 10;
      ALL.set(ValueLayout.JAVA_BYTE, place, (byte) ('0' + (rest - quotient * 10)));
      rest = quotient;
    }
    at += digits;
  }

  /** How many digits a number of at least 0 has. */
  private static int digits(long number) {
    int digits = 1;
    long power = 10;
    while (digits < MAX_DIGITS - 1 && number >= power) {
      power *= 10;
      digits++;
    }
    return digits;
  }

  /** Where the next byte goes. */
  public long address() {
    return at;
  }

  /** Leaves out bytes that were put at {@link #address()}. */
  public void skip(int bytes) {
    at += bytes;
  }
}
