package io.farheap.jmh.fetch;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The bare transport library: answers each request of 32 bytes with as many bytes as it asks for in
 * its first four. No checksums, no leases, nothing to find.
 */
public final class EchoServer {
  private static final int MAX_REPLY_BYTES = 64 << 10;

  private EchoServer() {}

  /**
   * Serves until its standard input ends.
   *
   * @param arguments none
   * @throws IOException if the standard input cannot be read
   */
  @SuppressWarnings("FutureReturnValueIgnored") // The process is about to end.
  public static void main(String[] arguments) throws IOException {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.config().setTcpNoDelay(true);
                    channel.pipeline().addLast(new Echo());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    System.out.println("listening on " + listener.localAddress());
    System.in.transferTo(OutputStream.nullOutputStream());
    loops.shutdownGracefully();
  }

  /** Puts the replies to all requests that came together into one buffer. */
  @SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed.
  private static final class Echo extends ByteToMessageDecoder {
    private final ByteBuf content =
        Unpooled.directBuffer(MAX_REPLY_BYTES).writeZero(MAX_REPLY_BYTES);
    private ByteBuf replies;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      while (in.readableBytes() >= RoundTrips.REQUEST_BYTES) {
        int replyBytes = in.getIntLE(in.readerIndex());
        in.skipBytes(RoundTrips.REQUEST_BYTES);
        if (replies == null) {
          replies = context.alloc().directBuffer(replyBytes);
        }
        replies.writeBytes(content, 0, replyBytes);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
      if (replies != null) {
        context.writeAndFlush(replies, context.voidPromise());
        replies = null;
      }
      super.channelReadComplete(context);
    }
  }
}
