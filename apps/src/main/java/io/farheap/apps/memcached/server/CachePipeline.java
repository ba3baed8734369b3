package io.farheap.apps.memcached.server;

import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.apps.memcached.work.ServerShared;
import io.farheap.transport.security.TlsFiles;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Sets a new connection up, or turns it away. */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class CachePipeline extends ChannelInitializer<SocketChannel> {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 << 10, 256 << 10);
  private static final int MIN_READ_BYTES = 512;
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int MAX_READ_BYTES = 64 << 10;

  private final ServerShared server;
  private final Workers workers;

  /** Null without TLS. */
  private final SSLContext tls;

  CachePipeline(ServerShared server, SSLContext tls) {
    this.server = server;
    this.workers = new Workers(server);
    this.tls = tls;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    channel.config().setTcpNoDelay(true);
    if (!server.clients().admit(channel, server.config().maxConnections())) {
      channel
          .writeAndFlush(Unpooled.wrappedBuffer(ReplyLine.TOO_MANY_CONNECTIONS.line()))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    channel.config().setAllowHalfClosure(true);
    channel.config().setWriteBufferWaterMark(WATER_MARK);
    channel
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES));
    if (tls != null) {
      channel.pipeline().addLast(new SslHandler(engine()));
    }
    channel.pipeline().addLast(new Connection(server, workers));
  }

  private SSLEngine engine() {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(server.config().tls().flatMap(TlsFiles::authority).isPresent());
    TlsFiles.restrict(engine);
    return engine;
  }
}
