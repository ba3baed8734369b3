package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.work.ServerShared;
import io.farheap.apps.memcached.work.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are carried out on its event loop for as long as what they need
 * is local. At the first that would wait, what it and the next ones need is brought in together,
 * and they are tried again; if that is not enough, a virtual thread carries out what was received.
 * Meanwhile the event loop does nothing for this client, so that replies keep their order.
 *
 * <pre>
 *            what was received is carried out
 *            +-----+
 *            |     v
 *  IDLE ---> event loop --- WAIT ---> AWAY (first items are fetched, then a virtual thread works)
 *   ^          |  ^                     |
 *   |          |  +---- handed back ----+
 *   +----------+--- BLOCKED: until the client takes its replies nothing is read from it
 * </pre>
 *
 * <p>A client holds what was received and not carried out: one command, a value included, and one
 * read; and what it does not take: the channel's high-water mark and one reply. A client that says
 * nothing holds no buffer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** What is left of a read moves out of its buffer if that is this many times larger. */
  private static final int SPARSE = 4;

  private static final int MIN_BUFFER_BYTES = 256;

  /** A client that has sent so much while it is away is not read from until it is back. */
  private static final int MOST_ARRIVED_BYTES = 64 << 10;

  /** How long a client may take to notice that its connection has ended. */
  private static final long LINGER_MILLIS = 1_000;

  private final ServerShared server;
  private final Workers workers;
  private final Session session;

  /** What was received and not carried out; null for nothing. The virtual thread's while away. */
  private ByteBuf pending;

  /** What was received while away; null for nothing. */
  private ByteBuf arrived;

  private Worker worker;
  private boolean away;
  private boolean blocked;
  private boolean ended;
  private boolean inputEnded;

  Connection(ServerShared server, Workers workers) {
    this.server = server;
    this.workers = workers;
    this.session = new Session(!server.wantsCredentials());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    worker = workers.ofLoop();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf received = (ByteBuf) message;
    worker.countReceived(received.readableBytes());
    if (ended || !received.isReadable()) {
      received.release();
    } else if (away) {
      arrived = join(context, arrived, received);
      if (arrived.readableBytes() >= MOST_ARRIVED_BYTES) {
        context.channel().config().setAutoRead(false);
      }
    } else {
      pending = join(context, pending, received);
      if (!blocked) {
        carryOut(context);
      }
    }
  }

  /** Puts what was received behind what is there. */
  private ByteBuf join(ChannelHandlerContext context, ByteBuf before, ByteBuf received) {
    if (before == null && received.hasMemoryAddress()) {
      return received;
    }
    try {
      ByteBuf joined = before;
      if (joined == null) {
        joined = context.alloc().directBuffer(Math.max(MIN_BUFFER_BYTES, received.readableBytes()));
      } else if (joined.maxWritableBytes() < received.readableBytes()
          || joined.writableBytes() < received.readableBytes()) {
        joined = larger(context, joined, received.readableBytes());
      }
      return joined.writeBytes(received);
    } finally {
      received.release();
    }
  }

  /** Moves what was received to a buffer with room for more, as much as the command will need. */
  private ByteBuf larger(ChannelHandlerContext context, ByteBuf small, int more) {
    int there = small.readableBytes();
    long doubled = Math.max(2L * there, there + (long) more);
    long wanted = Math.max(there + (long) more, Math.min(doubled, session.need));
    if (session.need == 0) {
      wanted = doubled;
    }
    ByteBuf large = context.alloc().directBuffer((int) Math.max(MIN_BUFFER_BYTES, wanted));
    large.writeBytes(small);
    small.release();
    return large;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!away) {
      shrink(context);
    }
    context.flush();
  }

  /** Gives a read's buffer back for a little that is left in it. */
  private void shrink(ChannelHandlerContext context) {
    if (pending != null
        && session.need == 0
        && pending.capacity() > MIN_BUFFER_BYTES
        && pending.capacity() > (long) SPARSE * pending.readableBytes()) {
      ByteBuf small =
          context.alloc().directBuffer(Math.max(MIN_BUFFER_BYTES, pending.readableBytes()));
      small.writeBytes(pending);
      pending.release();
      pending = small;
    }
  }

  /** Carries out what is there, on the event loop. */
  private void carryOut(ChannelHandlerContext context) {
    Worker.Result result;
    try {
      result = worker.run(session, pending, context, false);
    } catch (RuntimeException e) {
      exceptionCaught(context, e);
      return;
    }
    settle(context, result);
  }

  /** Does what is to be done after requests were carried out. */
  private void settle(ChannelHandlerContext context, Worker.Result result) {
    if (pending != null && !pending.isReadable()) {
      pending.release();
      pending = null;
    }
    switch (result) {
      case IDLE -> {
        if (inputEnded) {
          end(context);
        }
      }
      case WAIT -> goAway(context);
      case BLOCKED -> block(context);
      case CLOSE -> end(context);
    }
  }

  private void block(ChannelHandlerContext context) {
    blocked = true;
    context.channel().config().setAutoRead(false);
    context.flush();
    if (context.channel().isWritable()) {
      // It became writable meanwhile, and nobody will say so again.
      context.executor().execute(() -> unblock(context));
    }
  }

  private void unblock(ChannelHandlerContext context) {
    if (!blocked || ended || !context.channel().isWritable()) {
      return;
    }
    blocked = false;
    context.channel().config().setAutoRead(true);
    if (pending != null) {
      carryOut(context);
    }
    context.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    // Not from within a flush of this connection's own.
    if (blocked && context.channel().isWritable()) {
      context.executor().execute(() -> unblock(context));
    }
    context.fireChannelWritabilityChanged();
  }

  private void goAway(ChannelHandlerContext context) {
    away = true;
    context.flush();
    // Once for each key that it got to: a second time it would find as much, or as little.
    if (session.fetchedFor != session.next) {
      long[] handles = worker.findFar(session, pending);
      if (handles.length > 0) {
        session.fetchedFor = session.next;
        server.misses().fetch(handles, context.executor(), () -> tryAgain(context));
        return;
      }
    }
    context.channel().config().setAutoRead(false);
    Thread.ofVirtual().name("farheap-memcached-wait").start(() -> work(context));
  }

  /** Goes on once what was far has come. */
  private void tryAgain(ChannelHandlerContext context) {
    if (isBack(context)) {
      carryOut(context);
      if (!away && !blocked && !ended) {
        context.channel().config().setAutoRead(true);
      }
      context.flush();
    }
  }

  /** Carries out what is there, on a virtual thread that may wait. */
  private void work(ChannelHandlerContext context) {
    Worker.Result result = Worker.Result.CLOSE;
    Worker borrowed = workers.borrow();
    try {
      result = borrowed.run(session, pending, context, true);
    } catch (RuntimeException e) {
      LOG.error("connection from {} ended", context.channel().remoteAddress(), e);
    } finally {
      workers.giveBack(borrowed);
      Worker.Result last = result;
      context.executor().execute(() -> comeBack(context, last));
    }
  }

  private void comeBack(ChannelHandlerContext context, Worker.Result result) {
    if (!isBack(context)) {
      return;
    }
    settle(context, result);
    if (result == Worker.Result.IDLE && !ended) {
      context.channel().config().setAutoRead(true);
      if (pending != null) {
        carryOut(context);
      }
    }
    context.flush();
  }

  /** Takes over what has come meanwhile; false if the connection has ended. */
  private boolean isBack(ChannelHandlerContext context) {
    away = false;
    if (ended || !context.channel().isActive()) {
      release();
      return false;
    }
    if (arrived != null) {
      ByteBuf more = arrived;
      arrived = null;
      pending = join(context, pending, more);
    }
    return true;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // What was asked for before is still answered.
      inputEnded = true;
      if (ended) {
        context.close();
      } else if (!away && !blocked) {
        end(context);
      }
    }
    context.fireUserEventTriggered(event);
  }

  /**
   * Ends the connection once everything is sent. What the client has said meanwhile is read and
   * dropped: closing a socket that holds unread bytes would take the last replies back.
   */
  private void end(ChannelHandlerContext context) {
    ended = true;
    release();
    ChannelFuture sent = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    if (inputEnded
        || !(context.channel() instanceof DuplexChannel duplex)
        || isEncrypted(context)) {
      sent.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    sent.addListener(done -> duplex.shutdownOutput());
    context.channel().config().setAutoRead(true);
    context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static boolean isEncrypted(ChannelHandlerContext context) {
    return context.pipeline().get(SslHandler.class) != null;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    release();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ended = true;
    release();
  }

  /** Gives buffers back, unless a virtual thread works on them. */
  private void release() {
    if (!away && pending != null) {
      pending.release();
      pending = null;
    }
    if (arrived != null) {
      arrived.release();
      arrived = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof IOException) {
      LOG.debug("connection from {} ended", context.channel().remoteAddress(), cause);
    } else {
      LOG.error("connection from {} ended", context.channel().remoteAddress(), cause);
    }
    ended = true;
    context.close();
  }
}
