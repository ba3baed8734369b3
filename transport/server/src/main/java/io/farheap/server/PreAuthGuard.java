package io.farheap.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Bounds what a stranger can make the server hold: time, bytes in all, and the length of a TLS
 * record, which is kept until it is complete. Removes itself once the client is attached.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class PreAuthGuard extends ChannelInboundHandlerAdapter {
  /** Most bytes of an incomplete record, hence most that is kept of what a stranger sends. */
  static final int MAX_RECORD_BYTES = 4096 - RecordLayout.HEADER_BYTES;

  private static final int MAX_PLAIN_BYTES = 4096;
  private static final int MAX_TLS_BYTES = 32 << 10;

  /** The header of a TLS record, RFC 8446, 5.1. */
  private static final class RecordLayout {
    private static final int LENGTH = 3;
    private static final int HEADER_BYTES = 5;
  }

  private final boolean tls;
  private final long deadlineMillis;
  private final BooleanSupplier attached;
  private Future<?> deadline;
  private int received;

  /** Bytes of the current record's header that are there, and its length so far. */
  private int headerSeen;

  private int recordBytes;
  private int recordLeft;

  PreAuthGuard(boolean tls, long deadlineMillis, BooleanSupplier attached) {
    this.tls = tls;
    this.deadlineMillis = deadlineMillis;
    this.attached = attached;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(
                () -> {
                  if (!attached.getAsBoolean()) {
                    context.close();
                  }
                },
                deadlineMillis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    deadline.cancel(false);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (attached.getAsBoolean()) {
      context.pipeline().remove(this);
      context.fireChannelRead(message);
      return;
    }
    ByteBuf bytes = (ByteBuf) message;
    received += bytes.readableBytes();
    if (received > (tls ? MAX_TLS_BYTES : MAX_PLAIN_BYTES) || (tls && hasLongRecord(bytes))) {
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    context.fireChannelRead(message);
  }

  /** Follows the records' lengths, whichever way their bytes are cut. */
  private boolean hasLongRecord(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (recordLeft > 0) {
        int step = Math.min(recordLeft, end - at);
        recordLeft -= step;
        at += step;
        continue;
      }
      if (headerSeen >= RecordLayout.LENGTH) {
        recordBytes = recordBytes << Byte.SIZE | bytes.getUnsignedByte(at);
      }
      at++;
      if (++headerSeen == RecordLayout.HEADER_BYTES) {
        if (recordBytes > MAX_RECORD_BYTES) {
          return true;
        }
        recordLeft = recordBytes;
        recordBytes = 0;
        headerSeen = 0;
      }
    }
    return false;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel(false);
    context.fireChannelInactive();
  }
}
