package io.farheap.apps.memcached.server;

import io.farheap.FarHeap;
import io.farheap.apps.memcached.store.ItemStore;
import io.farheap.apps.memcached.work.CacheConfig;
import io.farheap.apps.memcached.work.ServerShared;
import io.farheap.transport.TransportException;
import io.farheap.transport.security.TlsFiles;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/** Serves the items of a store to clients of memcached, until it is closed. */
public final class CacheServer implements AutoCloseable {
  private static final int ACCEPT_BACKLOG = 1024;
  private static final long STOP_MILLIS = 5_000;

  private final ServerShared shared;
  private final List<Channel> listeners = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EventLoopGroup loops;

  private CacheServer(ServerShared shared) {
    this.shared = shared;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            shared.config().threads(),
            new DefaultThreadFactory("farheap-memcached", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Starts a server.
   *
   * @param config how it is set up
   * @param heap where the items are, for its figures
   * @param store the items; they stay the caller's, as the heap does, and are closed after the
   *     server
   * @return a server that accepts clients
   * @throws TransportException if it cannot have the addresses, or read the certificates
   */
  public static CacheServer start(CacheConfig config, FarHeap heap, ItemStore store) {
    SSLContext tls = config.tls().map(TlsFiles::context).orElse(null);
    CacheServer server = new CacheServer(new ServerShared(config, heap, store));
    boolean started = false;
    try {
      server.listen(tls);
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private void listen(SSLContext tls) {
    Class<? extends ServerChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new CachePipeline(shared, tls));
    for (InetSocketAddress address : shared.config().listen()) {
      ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new TransportException(
            "cannot listen on " + address + "; choose another address or port", bound.cause());
      }
      listeners.add(bound.channel());
    }
  }

  /**
   * Where the server listens.
   *
   * @return the addresses, with the ports that were chosen
   */
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  /**
   * What {@code stats} shows.
   *
   * @return names and figures, in their order
   */
  public Map<String, String> stats() {
    return shared.stats().general();
  }

  /** Ends all connections. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listeners.forEach(listener -> listener.close().awaitUninterruptibly(STOP_MILLIS));
    shared.clients().closeAll().awaitUninterruptibly(STOP_MILLIS);
    loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    shared.misses().close();
  }
}
