package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.TestServer;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.apps.memcached.work.ServerShared;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.locks.LockSupport;

/** A connection without a network: what is said arrives in exactly these pieces. */
final class Wire implements AutoCloseable {
  private final EmbeddedChannel channel;

  /** Connects to the items of a server. */
  static Wire to(ServerShared shared) {
    return new Wire(new EmbeddedChannel(new Connection(shared, new Workers(shared))));
  }

  static ServerShared shared(TestServer server) {
    return new ServerShared(
        CacheConfig.local(1), server.program().heap(), server.program().store());
  }

  private Wire(EmbeddedChannel channel) {
    this.channel = channel;
  }

  /** Says something in one piece. */
  void say(byte[] bytes) {
    if (channel.isActive()) {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }
  }

  /** Says something in pieces of at most some bytes. */
  void say(byte[] bytes, int pieceBytes) {
    for (int at = 0; at < bytes.length; at += pieceBytes) {
      say(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieceBytes)));
    }
  }

  /** What was answered so far, once nothing is waited for any more. */
  byte[] heard() {
    // A connection that is away does not read.
    while (channel.isActive() && !channel.config().isAutoRead()) {
      channel.runPendingTasks();
      LockSupport.parkNanos(1000);
    }
    channel.runPendingTasks();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      byte[] bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      piece.release();
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void close() {
    heard();
    channel.finishAndReleaseAll();
  }
}
