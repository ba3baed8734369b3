package io.farheap.server;

import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Message;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import io.farheap.transport.wire.WireException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client: finds the frames in what comes in, checks them, has them carried out
 * and sends the replies to one burst together. Runs on the connection's event loop only.
 *
 * <p>While the client does not take its replies no further request is carried out, and the system's
 * own buffers stop the client: what one connection holds is bounded by the channel's high-water
 * mark, one burst of requests and one reply.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class ServerConnection extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

  private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);

  private final ServerState server;
  private final ReplyBuffer replies = new ReplyBuffer();
  private final FrameChecker checker = FrameChecker.ofRequests();
  private final Admission admission;
  private final SlabRequests slabRequests;
  private final ControlRequests controlRequests;
  private int answered;
  private int events;
  private boolean ended;

  /** When it last went through what has come, be it new or kept until the client had room. */
  private long heardNanos;

  /**
   * Whether a request of this connection is carried out elsewhere, so that replies stay in order.
   */
  private boolean busy;

  ServerConnection(ServerState server) {
    this.server = server;
    this.admission = new Admission(server);
    this.slabRequests = new SlabRequests(server, replies);
    this.controlRequests = new ControlRequests(server, replies);
  }

  boolean isAttached() {
    return admission.isAttached();
  }

  /** Whether it carries nothing out and has carried nothing out for some time. */
  boolean isSilent(long nanos) {
    return !busy && server.clock().getAsLong() - heardNanos >= nanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    long startNanos = server.clock().getAsLong();
    heardNanos = startNanos;
    super.channelRead(context, message);
    replies.handOver(context);
    if (answered > 0) {
      if (admission.isAttached()) {
        admission.lease().seen(startNanos);
      }
      server.counters().answered(server.clock().getAsLong() - startNanos, answered);
      answered = 0;
    }
  }

  /** Tells an attached client what has happened; one that attaches later is told then. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof EventKind kind) {
      if (isAttached() && !ended) {
        replies.event(context, events++, kind);
        replies.handOver(context);
        context.flush();
      }
    } else {
      super.userEventTriggered(context, event);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    context.flush();
    super.channelReadComplete(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (ended) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int available = in.readableBytes();
    ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), available);
    int start = bytes.position();
    int used = 0;
    try {
      while (!busy && available - used >= FrameLayout.PREFIX_BYTES && hasRoom(context)) {
        int frameBytes = FrameChecker.frameBytes(bytes, start + used, maxFrameBytes());
        if (frameBytes > available - used) {
          break;
        }
        checker.check(bytes, start + used, frameBytes);
        handle(context, bytes, start + used, frameBytes);
        used += frameBytes;
        if (ended) {
          used = available;
        }
      }
    } catch (WireException e) {
      server.counters().brokenConnections.increment();
      LOG.debug("connection from {} ended: {}", context.channel().remoteAddress(), e.getMessage());
      Opcode opcode = checker.opcode() == null ? Opcode.HELLO : checker.opcode();
      refuse(context, opcode, checker.sequence() + 1, Status.BAD_FRAME, e.getMessage(), true);
      used = available;
    }
    in.skipBytes(used);
  }

  private int maxFrameBytes() {
    return admission.isAttached()
        ? FrameLayout.HEADER_BYTES + Protocol.MAX_PAYLOAD_BYTES
        : Protocol.MAX_UNATTACHED_FRAME_BYTES;
  }

  /** Whether the client takes what it is sent; if not, it is heard again when it does. */
  private boolean hasRoom(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      return true;
    }
    context.flush();
    boolean writable = context.channel().isWritable();
    context.channel().config().setAutoRead(writable);
    return writable;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (!busy && context.channel().isWritable() && !context.channel().config().isAutoRead()) {
      hearAgain(context);
    }
    super.channelWritabilityChanged(context);
  }

  private void handle(ChannelHandlerContext context, ByteBuffer bytes, int at, int frameBytes) {
    Opcode opcode = checker.opcode();
    int sequence = checker.sequence();
    answered++;
    try {
      switch (opcode) {
        case READ, WRITE, READ_BATCH, WRITE_BATCH -> {
          Lease lease = lease();
          long stamp = lease.enter(admission.session());
          try {
            slabRequests.handle(context, lease, opcode, sequence, bytes, at, frameBytes);
          } finally {
            lease.leave(stamp);
          }
        }
        case HELLO -> {
          byte[] challenge = admission.hello(ControlRequests.payload(bytes, at, frameBytes));
          controlRequests.answer(context, opcode, sequence, 0, challenge);
        }
        case ATTACH -> {
          byte[] attached =
              admission.attach(
                  ControlRequests.payload(bytes, at, frameBytes), PeerName.of(context));
          controlRequests.answer(context, opcode, sequence, 0, attached);
          if (server.slabs().isDraining()) {
            replies.event(context, events++, EventKind.DRAINING);
          }
        }
        default -> {
          lease();
          server.counters().others.increment();
          long subject = FrameLayout.subject(bytes, at);
          if (ControlRequests.isSlow(opcode)) {
            handleElsewhere(context, opcode, sequence, subject);
          } else {
            ControlRequests.Answer answer =
                controlRequests.handle(
                    admission, opcode, subject, ControlRequests.payload(bytes, at, frameBytes));
            controlRequests.answer(context, opcode, sequence, answer.subject(), answer.payload());
          }
        }
      }
    } catch (WireException e) {
      throw e;
    } catch (RuntimeException e) {
      refuse(context, opcode, sequence, e);
    }
  }

  /** Has the request carried out on another thread; until then this connection is not heard. */
  private void handleElsewhere(
      ChannelHandlerContext context, Opcode opcode, int sequence, long subject) {
    busy = true;
    context.channel().config().setAutoRead(false);
    server
        .workers()
        .execute(
            () -> {
              ControlRequests.Answer answer = ControlRequests.Answer.EMPTY;
              RuntimeException failure = null;
              try {
                answer = controlRequests.handle(admission, opcode, subject, NO_PAYLOAD);
              } catch (RuntimeException e) {
                failure = e;
              }
              goOn(context, opcode, sequence, answer, failure);
            });
  }

  private void goOn(
      ChannelHandlerContext context,
      Opcode opcode,
      int sequence,
      ControlRequests.Answer answer,
      RuntimeException failure) {
    context
        .executor()
        .execute(
            () -> {
              busy = false;
              if (context.isRemoved()) {
                return;
              }
              if (failure == null) {
                controlRequests.answer(
                    context, opcode, sequence, answer.subject(), answer.payload());
              } else {
                refuse(context, opcode, sequence, failure);
              }
              hearAgain(context);
            });
  }

  private void hearAgain(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(true);
    try {
      // What is left of the last burst waits here, not in the socket.
      channelRead(context, Unpooled.EMPTY_BUFFER);
    } catch (Exception e) {
      exceptionCaught(context, e);
    }
    context.flush();
  }

  private void refuse(
      ChannelHandlerContext context, Opcode opcode, int sequence, RuntimeException failure) {
    if (failure instanceof Refusal e) {
      refuse(context, opcode, sequence, e.status(), e.getMessage(), e.isEnding());
    } else {
      LOG.error("request {} of {} failed", opcode, context.channel().remoteAddress(), failure);
      refuse(context, opcode, sequence, Status.INTERNAL, "the server failed; see its log", false);
    }
  }

  private Lease lease() {
    if (!admission.isAttached()) {
      throw Refusal.ending(Status.UNAUTHENTICATED, "say HELLO and ATTACH first");
    }
    return admission.lease();
  }

  private void refuse(
      ChannelHandlerContext context,
      Opcode opcode,
      int sequence,
      Status status,
      String message,
      boolean ending) {
    server.counters().refusals.increment();
    controlRequests.answer(context, opcode, sequence, status, 0, Message.encode(message));
    if (ending) {
      end(context);
    }
  }

  private void end(ChannelHandlerContext context) {
    ended = true;
    replies.handOver(context);
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    replies.discard();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection from {} ended", context.channel().remoteAddress(), cause);
    context.close();
  }
}
