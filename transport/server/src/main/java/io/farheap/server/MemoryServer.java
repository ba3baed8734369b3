package io.farheap.server;

import io.farheap.rdma.fabric.Fabric;
import io.farheap.rdma.fabric.VerbsFabric;
import io.farheap.transport.TransportException;
import io.farheap.transport.security.TlsFiles;
import io.farheap.transport.wire.EventKind;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.ServerFigures;
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
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A memory server: listens, and keeps slabs for whoever is let in. It may run in a process of its
 * own or inside another one.
 *
 * <p>Its threads are those of the event loops, and one for the memory of slabs; everything else
 * about one connection happens on one of them. What several connections share is in {@link
 * ServerState}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A channel that fails is closed, which is heard of.
public final class MemoryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryServer.class);
  private static final int ACCEPT_BACKLOG = 1024;
  private static final long LEASE_CHECKS = 20;
  private static final long STOP_MILLIS = 5_000;
  private static final Map<String, UnaryOperator<byte[]>> FUNCTIONS =
      Map.of("echo", argument -> argument, "ping", argument -> new byte[0]);

  private final ServerConfig config;
  private final long startNanos = System.nanoTime();
  private final SlabBacking backing;
  private final ServerState state;
  private final ServerCounters counters = new ServerCounters();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listeners = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final EventLoopGroup loops;

  /** Takes and gives back the memory of slabs, which may take many milliseconds. */
  private final ScheduledExecutorService workers =
      Executors.newSingleThreadScheduledExecutor(
          new DefaultThreadFactory("farheap-server-slabs", true));

  private MemoryServer(
      ServerConfig config, SlabBacking backing, long features, Optional<RdmaDoor> rdma) {
    this.config = config;
    this.backing = backing;
    SecureRandom random = new SecureRandom();
    byte[] serverId = new byte[Protocol.ID_BYTES];
    random.nextBytes(serverId);
    SlabStore slabs = new SlabStore(backing, config.slabs(), config.slabBytes());
    this.state =
        new ServerState(
            config,
            serverId,
            slabs,
            new LeaseTable(
                slabs, TimeUnit.MILLISECONDS.toNanos(config.leaseMillis()), random, startNanos),
            new Tenants(config.tokenFile(), config.slabs() * config.slabBytes()),
            FUNCTIONS,
            counters,
            () -> figures().encode(),
            features,
            System::nanoTime,
            random,
            workers,
            rdma);
    DefaultThreadFactory threads = new DefaultThreadFactory("farheap-server", true);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            config.threads(),
            threads,
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Whether servers on this machine wait for connections by Linux's epoll directly, without Java's
   * own selector between.
   *
   * @return true if the native library for it could be loaded
   */
  public static boolean isEpollNative() {
    return Epoll.isAvailable();
  }

  /**
   * Starts a server whose slabs are where its configuration says: in a folder, where clients on
   * this machine can map them, in a file, or in anonymous native memory.
   *
   * @param config how it is set up
   * @return a server that accepts clients
   * @throws TransportException if it cannot have the memory, the files, the addresses or the device
   */
  public static MemoryServer start(ServerConfig config) {
    return start(config, devices(config));
  }

  /** Starts a server whose queue pairs, if any, come from a fabric: the server's from now on. */
  static MemoryServer start(ServerConfig config, Supplier<Optional<Fabric>> fabric) {
    int slabs = config.slabs();
    long slabBytes = config.slabBytes();
    if (config.memoryFile().isEmpty()) {
      return start(config, new NativeBacking(slabs, slabBytes), 0, fabric);
    }
    Path place = config.memoryFile().get();
    return Files.isDirectory(place)
        ? start(
            config,
            new FolderBacking(place, slabs, slabBytes),
            Protocol.FEATURE_MAPPED_SLABS,
            fabric)
        : start(config, new FileBacking(place, slabs, slabBytes), 0, fabric);
  }

  private static Supplier<Optional<Fabric>> devices(ServerConfig config) {
    return () -> config.rdma().map(rdma -> VerbsFabric.open(rdma.provider()));
  }

  /**
   * Starts a server whose slabs are in memory of the caller's choice.
   *
   * @param config how it is set up
   * @param backing where the slabs are; the server's from now on, also if this fails
   * @param features features that the server has because of it, as bits of {@link Protocol}
   * @return a server that accepts clients
   * @throws TransportException if it cannot have the files, the addresses or the device
   */
  public static MemoryServer start(ServerConfig config, SlabBacking backing, long features) {
    return start(config, backing, features, devices(config));
  }

  private static MemoryServer start(
      ServerConfig config,
      SlabBacking memory,
      long memoryFeatures,
      Supplier<Optional<Fabric>> fabric) {
    SlabBacking backing = memory;
    long features = memoryFeatures;
    MemoryServer server = null;
    boolean started = false;
    try {
      SSLContext tls = config.tls().map(TlsFiles::context).orElse(null);
      Optional<RdmaDoor> door = fabric.get().map(opened -> RdmaDoor.open(opened, config));
      if (door.isPresent()) {
        backing = new RdmaBacking(memory, door.get(), config.slabBytes());
        features |= Protocol.FEATURE_REGISTERED_SLABS;
      }
      server = new MemoryServer(config, backing, features, door);
      door.ifPresent(RdmaDoor::start);
      server.listen(tls);
      started = true;
      return server;
    } finally {
      if (!started) {
        if (server == null) {
          backing.close();
        } else {
          server.close();
        }
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
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ServerPipeline(state, tls, channels));
    for (InetSocketAddress address : config.listen()) {
      ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new TransportException(
            "cannot listen on " + address + "; choose another address or port", bound.cause());
      }
      listeners.add(bound.channel());
    }
    long checkMillis = Math.max(1, config.leaseMillis() / LEASE_CHECKS);
    workers.scheduleWithFixedDelay(
        this::expireLeases, checkMillis, checkMillis, TimeUnit.MILLISECONDS);
  }

  private void expireLeases() {
    try {
      state.leases().expire(System.nanoTime());
    } catch (RuntimeException e) {
      // A round that fails must not be the last one.
      LOG.error("leases could not be looked at", e);
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
   * Where queue pairs are let in.
   *
   * @return the address of the RDMA device, with the port that was chosen; empty without one
   */
  public Optional<InetSocketAddress> rdmaAddress() {
    return state.rdma().map(door -> door.listener().address());
  }

  /**
   * What the server has done so far.
   *
   * @return a snapshot
   */
  public ServerFigures figures() {
    return new ServerFigures(
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
        state.leases().size(),
        counters.connections.sum(),
        state.slabs().allocated(),
        state.slabs().capacity(),
        config.slabBytes(),
        counters.reads.sum(),
        counters.writes.sum(),
        counters.bytesRead.sum(),
        counters.bytesWritten.sum(),
        counters.others.sum(),
        counters.refusals.sum(),
        counters.brokenConnections.sum(),
        state.leases().lost(),
        counters.percentileNanos(0.5),
        counters.percentileNanos(0.99));
  }

  /**
   * From now on no slab is handed out. Clients may go on with those that they have, and release
   * them.
   */
  public void drain() {
    state.slabs().drain();
    channels.forEach(channel -> channel.pipeline().fireUserEventTriggered(EventKind.DRAINING));
  }

  /** Ends all connections and leases and gives the memory back. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    listeners.forEach(listener -> listener.close().awaitUninterruptibly(STOP_MILLIS));
    channels.close().awaitUninterruptibly(STOP_MILLIS);
    loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    workers.shutdown();
    awaitWorkers();
    state.leases().close();
    backing.close();
  }

  private void awaitWorkers() {
    try {
      if (!workers.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
