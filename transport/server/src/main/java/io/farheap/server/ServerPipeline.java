package io.farheap.server;

import io.farheap.transport.security.TlsFiles;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Sets a new connection up, or turns it away. */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
final class ServerPipeline extends ChannelInitializer<Channel> {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  private static final int MIN_READ_BYTES = 64;
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int MAX_READ_BYTES = 256 << 10;

  private final ServerState server;

  /** How many times the silence a client may take until it is attached. */
  private static final long ATTACH_SILENCES = 5;

  /** Null without TLS. */
  private final SSLContext tls;

  private final ChannelGroup channels;

  ServerPipeline(ServerState server, SSLContext tls, ChannelGroup channels) {
    this.server = server;
    this.tls = tls;
    this.channels = channels;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (server.counters().connections.sum() >= server.config().maxConnections()) {
      channel.close();
      return;
    }
    channels.add(channel);
    server.counters().connections.increment();
    channel.closeFuture().addListener(closed -> server.counters().connections.decrement());
    channel.config().setWriteBufferWaterMark(WATER_MARK);
    channel
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES));
    ServerConnection connection = new ServerConnection(server);
    long silenceMillis = server.config().silenceMillis();
    channel
        .pipeline()
        .addLast(
            new PreAuthGuard(tls != null, ATTACH_SILENCES * silenceMillis, connection::isAttached));
    channel.pipeline().addLast(new Silence(silenceMillis));
    if (tls != null) {
      channel.pipeline().addLast(new SslHandler(engine()));
    }
    channel.pipeline().addLast(connection);
  }

  private SSLEngine engine() {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(server.config().tls().flatMap(TlsFiles::authority).isPresent());
    TlsFiles.restrict(engine);
    return engine;
  }

  /**
   * Ends an attached connection on which nothing comes any more. Until then the {@link
   * PreAuthGuard} sets the time: a client that has just started may need seconds for its part of a
   * handshake. A client that the server does not hear, because it takes its replies slowly, is not
   * silent as long as it takes them.
   */
  private static final class Silence extends IdleStateHandler {
    private final long nanos;

    Silence(long millis) {
      super(millis, 0, 0, TimeUnit.MILLISECONDS);
      nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
      ServerConnection connection = connection(context.channel());
      if (event.state() == IdleState.READER_IDLE
          && connection != null
          && connection.isAttached()
          && connection.isSilent(nanos)) {
        context.close();
      }
    }
  }

  /** Whether a channel's client is attached. */
  static boolean isAttached(Channel channel) {
    ServerConnection connection = connection(channel);
    return connection != null && connection.isAttached();
  }

  private static ServerConnection connection(Channel channel) {
    return channel.pipeline().get(ServerConnection.class);
  }
}
