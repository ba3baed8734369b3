package io.farheap.jmh.fetch;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * The bare transport library on the client's side: everything happens on its event loop, so that no
 * round trip has a thread hop in it, and nobody looks at what comes.
 */
public final class EchoClient implements Pipelined {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final Channel channel;
  private final Asker asker = new Asker();

  /**
   * Connects.
   *
   * @param port of an {@link EchoServer}
   */
  public EchoClient(int port) {
    channel =
        new Bootstrap()
            .group(loops)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(asker)
            .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .syncUninterruptibly()
            .channel();
  }

  @Override
  public void oneAtATime(int replyBytes, long[] nanos) {
    run(new Task(replyBytes, nanos.length, 1, nanos));
  }

  @Override
  public void pipelined(int replyBytes, int count, int depth) {
    run(new Task(replyBytes, count, depth, null));
  }

  private void run(Task task) {
    channel.eventLoop().execute(() -> asker.begin(channel.pipeline().firstContext(), task));
    task.over.join();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    loops.shutdownGracefully().syncUninterruptibly();
  }

  /** What is to be done. */
  private static final class Task {
    final int replyBytes;
    final int count;
    final int depth;
    final long[] nanosOrNull;
    final CompletableFuture<Void> over = new CompletableFuture<>();

    Task(int replyBytes, int count, int depth, long[] nanosOrNull) {
      this.replyBytes = replyBytes;
      this.count = count;
      this.depth = depth;
      this.nanosOrNull = nanosOrNull;
    }
  }

  /** Sends a request for each reply. */
  @SuppressWarnings(
      "FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
  private static final class Asker extends ChannelInboundHandlerAdapter {
    private Task task;
    private int asked;
    private int answered;
    private int received;
    private long sentNanos;

    void begin(ChannelHandlerContext context, Task next) {
      task = next;
      asked = 0;
      answered = 0;
      received = 0;
      ask(context, Math.min(task.depth, task.count));
    }

    private void ask(ChannelHandlerContext context, int requests) {
      ByteBuf frame = context.alloc().directBuffer(requests * RoundTrips.REQUEST_BYTES);
      for (int i = 0; i < requests; i++) {
        frame.writeIntLE(task.replyBytes);
        frame.writeZero(RoundTrips.REQUEST_BYTES - Integer.BYTES);
      }
      asked += requests;
      sentNanos = System.nanoTime();
      context.writeAndFlush(frame, context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      received += bytes.readableBytes();
      bytes.release();
      int complete = received / task.replyBytes;
      if (complete == 0) {
        return;
      }
      received -= complete * task.replyBytes;
      if (task.nanosOrNull != null) {
        task.nanosOrNull[answered] = System.nanoTime() - sentNanos;
      }
      answered += complete;
      int more = Math.min(complete, task.count - asked);
      if (more > 0) {
        ask(context, more);
      } else if (answered == task.count) {
        task.over.complete(null);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail(new IllegalStateException("the echo server has gone"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause);
    }

    private void fail(Throwable cause) {
      if (task != null) {
        task.over.completeExceptionally(cause);
      }
    }
  }
}
