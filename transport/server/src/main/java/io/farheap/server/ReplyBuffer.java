package io.farheap.server;

import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;

/**
 * Collects the replies to what came in together, so that they go out together. Holds memory only
 * between the first reply and {@link #handOver}. Used by the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class ReplyBuffer {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int FIRST_BYTES = 8 << 10;

  private final FrameChecksum checksum = new FrameChecksum();
  private ByteBuf buffer;
  private ByteBuffer bytes;

  /** Position of the header of the reply that was begun last. */
  private int at;

  private Opcode opcode;
  private int sequence;
  private int frameBytes;

  /**
   * Begins a reply.
   *
   * @return where its payload goes, by absolute positions from {@link #payloadAt}
   */
  ByteBuffer begin(ChannelHandlerContext context, Opcode forOpcode, int number, int payloadBytes) {
    opcode = forOpcode;
    sequence = number;
    frameBytes = FrameLayout.headerBytes(forOpcode) + payloadBytes;
    if (buffer != null && buffer.writableBytes() < frameBytes) {
      handOver(context);
    }
    if (buffer == null) {
      int capacity = Math.max(frameBytes, frameBytes > FIRST_BYTES / 2 ? CHUNK_BYTES : FIRST_BYTES);
      buffer = context.alloc().directBuffer(capacity, capacity);
      bytes = buffer.internalNioBuffer(0, capacity);
    }
    at = bytes.position() + buffer.writerIndex() - buffer.readerIndex();
    return bytes;
  }

  int payloadAt() {
    return at + FrameLayout.headerBytes(opcode);
  }

  /** Completes the reply whose payload is written. */
  void end(Status status, long subject) {
    end(FrameLayout.REPLY, status, subject);
  }

  /** Adds what is said unasked, with its number among such. */
  void event(ChannelHandlerContext context, int number, EventKind kind) {
    begin(context, Opcode.EVENT, number, 0);
    end(FrameLayout.EVENT, Status.OK, kind.code());
  }

  private void end(int flags, Status status, long subject) {
    FrameLayout.putHeader(bytes, at, frameBytes, opcode, flags, status, sequence, subject, 0, 0);
    checksum.seal(bytes, at, frameBytes);
    buffer.writerIndex(buffer.writerIndex() + frameBytes);
  }

  /** Forgets the reply that was begun last. */
  void cancel() {
    frameBytes = 0;
  }

  /** Writes what was collected to the channel, without flushing it. */
  void handOver(ChannelHandlerContext context) {
    if (buffer == null) {
      return;
    }
    ByteBuf full = buffer;
    buffer = null;
    bytes = null;
    if (full.isReadable()) {
      context.write(full, context.voidPromise());
    } else {
      full.release();
    }
  }

  /** Gives up what was collected. */
  void discard() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
      bytes = null;
    }
  }
}
